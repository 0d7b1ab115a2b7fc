package io.millrace.protocol.rtmp;

import io.millrace.protocol.amf.AmfUndefined;
import java.util.Map;

/**
 * What a client said of itself in connect. {@link #app} and {@link #tcUrl} may hold a stream key:
 * neither is in {@link #toString()}, and neither may be logged.
 *
 * @param app as sent
 * @param tcUrl as sent; may be empty
 * @param flashVer name of the encoder as sent, untrusted; may be empty
 * @param capsEx capability bits of Enhanced RTMP; 0 when not sent
 * @param enhanced fourCcList or one of its successors was sent
 * @param goAway the client reconnects silently after RTMP Go Away
 */
public record RtmpConnect(
    String app, String tcUrl, String flashVer, int capsEx, boolean enhanced, boolean goAway) {
  static final RtmpConnect EMPTY = new RtmpConnect("", "", "", 0, false, false);

  private static final int CAPS_RECONNECT = 1;

  static RtmpConnect of(Map<?, ?> object) {
    return new RtmpConnect(
        text(object, "app"),
        text(object, "tcUrl"),
        text(object, "flashVer"),
        object.get("capsEx") instanceof Double d ? d.intValue() : 0,
        given(object, "fourCcList")
            || given(object, "videoFourCcInfoMap")
            || given(object, "audioFourCcInfoMap"),
        Boolean.TRUE.equals(object.get("supportsGoAway")));
  }

  /** The client obeys NetConnection.Connect.ReconnectRequest. */
  public boolean reconnect() {
    return (capsEx & CAPS_RECONNECT) != 0;
  }

  private static boolean given(Map<?, ?> object, String key) {
    Object value = object.get(key);
    return value != null && value != AmfUndefined.UNDEFINED;
  }

  private static String text(Map<?, ?> object, String key) {
    return object.get(key) instanceof String s ? s : "";
  }

  @Override
  public String toString() {
    return "RtmpConnect[capsEx=" + capsEx + ", enhanced=" + enhanced + ", goAway=" + goAway + "]";
  }
}
