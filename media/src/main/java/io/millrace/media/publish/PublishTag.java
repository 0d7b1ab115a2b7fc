package io.millrace.media.publish;

import java.util.Objects;

/**
 * One FLV tag on its way to a server. Immutable by convention: nobody writes into {@link #body()}.
 *
 * @param type audio, video or script data
 * @param timestampMs decode time, ms, from 0, beyond 32 bits if need be
 * @param body what follows the 11-byte tag header (FLV 10.1 annex E.4; Enhanced RTMP v2)
 */
public record PublishTag(Type type, long timestampMs, byte[] body) {
  private static final int CODEC_AVC = 7;
  private static final int CODEC_HEVC = 12;
  private static final int SOUND_AAC = 10;
  private static final int SOUND_EX = 9;
  private static final int PACKET_SEQUENCE_START = 0;
  private static final int PACKET_CODED_FRAMES = 1;
  private static final int PACKET_CODED_FRAMES_X = 3;

  /** Kind of tag, with the number that stands for it in FLV files and RTMP messages. */
  public enum Type {
    AUDIO(8),
    VIDEO(9),
    SCRIPT(18);

    private final int wire;

    Type(int wire) {
      this.wire = wire;
    }

    /** Tag type, or RTMP message type. */
    public int wire() {
      return wire;
    }
  }

  public PublishTag {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(body, "body");
  }

  /** The same tag at another time. */
  public PublishTag at(long newTimestampMs) {
    return new PublishTag(type, newTimestampMs, body);
  }

  /** Codec configuration of its track. */
  public boolean isSequenceHeader() {
    return switch (type) {
      case VIDEO ->
          isExtendedVideo()
              ? packetType() == PACKET_SEQUENCE_START
              : hasLegacyPacketType() && body[1] == 0;
      case AUDIO ->
          switch (soundFormat()) {
            case SOUND_EX -> (body[0] & 0x0F) == PACKET_SEQUENCE_START;
            case SOUND_AAC -> body.length > 1 && body[1] == 0;
            default -> false;
          };
      case SCRIPT -> false;
    };
  }

  /** A coded picture of the only or default video track. */
  public boolean isVideoFrame() {
    if (type != Type.VIDEO || body.length < 2) {
      return false;
    }
    if (isExtendedVideo()) {
      return packetType() == PACKET_CODED_FRAMES || packetType() == PACKET_CODED_FRAMES_X;
    }
    return hasLegacyPacketType() && body[1] == 1;
  }

  /** A coded picture marked as key frame. */
  public boolean isKeyframe() {
    return isVideoFrame() && ((body[0] >> 4) & 0x07) == 1;
  }

  /** Presentation time of a video frame, ms; otherwise the tag's own time. */
  public long presentationMs() {
    return timestampMs + compositionOffsetMs();
  }

  private int compositionOffsetMs() {
    if (!isVideoFrame()) {
      return 0;
    }
    if (!isExtendedVideo()) {
      return signed24(2);
    }
    boolean hasOffset =
        packetType() == PACKET_CODED_FRAMES && (isFourCc("hvc1") || isFourCc("avc1"));
    return hasOffset ? signed24(5) : 0;
  }

  private boolean isFourCc(String name) {
    for (int i = 0; i < 4; i++) {
      if (body.length <= i + 1 || body[i + 1] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int signed24(int at) {
    if (body.length < at + 3) {
      return 0;
    }
    return (body[at] << 16) | ((body[at + 1] & 0xFF) << 8) | (body[at + 2] & 0xFF);
  }

  private boolean isExtendedVideo() {
    return body.length > 0 && (body[0] & 0x80) != 0;
  }

  private int packetType() {
    return body[0] & 0x0F;
  }

  private boolean hasLegacyPacketType() {
    int codec = body.length < 2 ? 0 : body[0] & 0x0F;
    return codec == CODEC_AVC || codec == CODEC_HEVC;
  }

  private int soundFormat() {
    return body.length == 0 ? -1 : (body[0] >> 4) & 0x0F;
  }

  @Override
  public String toString() {
    return "PublishTag[" + type + " at " + timestampMs + " ms, " + body.length + " bytes]";
  }
}
