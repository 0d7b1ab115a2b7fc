package io.millrace.protocol.rtmp;

import java.nio.ByteBuffer;

/** What a {@link RtmpClientSession} tells its connection. */
public interface RtmpClientHandler {

  /**
   * Bytes for the server, in order.
   *
   * @param bytes belongs to the handler from now on
   */
  void send(ByteBuffer bytes);

  /** The server has accepted the publish; media may be sent from now on. */
  void onPublishing();

  /**
   * A status of the server.
   *
   * @param level status, warning or error; after error the publish is over
   * @param code e.g. {@code NetStream.Publish.BadName}
   * @param text for a person; may be empty
   */
  void onStatus(String level, String code, String text);

  /**
   * The server asks to be reconnected to.
   *
   * @param tcUrl where; empty for the same address
   */
  void onReconnectRequest(String tcUrl);
}
