package io.millrace.protocol.flv;

/**
 * One tag of an FLV file; the body is what an RTMP message of the same type carries.
 *
 * @param type 8 audio, 9 video, 18 script data
 * @param timestampMs unsigned 32 bits
 * @param body not copied; nobody writes into it
 */
public record FlvTag(int type, long timestampMs, byte[] body) {
  public static final int AUDIO = 8;
  public static final int VIDEO = 9;
  public static final int SCRIPT = 18;

  public boolean isAudio() {
    return type == AUDIO;
  }

  public boolean isVideo() {
    return type == VIDEO;
  }

  public boolean isScript() {
    return type == SCRIPT;
  }
}
