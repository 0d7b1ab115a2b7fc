package io.millrace.protocol.flv;

import java.nio.ByteBuffer;

/**
 * The body of a video tag. Source: Adobe FLV 10.1 §E.4.3, Enhanced RTMP v2.
 *
 * @param codec null when {@code type} is IGNORED
 * @param keyFrame the tag's own claim; IDRs are found in the data
 * @param compositionTimeMs PTS − DTS in ms, signed 24 bits
 * @param data a view of the body: configuration record or access unit
 * @param otherTracks packets of tracks other than 0 that this tag held besides
 */
public record FlvVideoTag(
    FlvPacketType type,
    FlvCodec codec,
    boolean keyFrame,
    int compositionTimeMs,
    ByteBuffer data,
    int otherTracks) {

  private static final int FRAME_KEY = 1;
  private static final int FRAME_COMMAND = 5;

  private static final int LEGACY_AVC = 7;
  private static final int LEGACY_HEVC = 12;

  private static final int EX_SEQUENCE_START = 0;
  private static final int EX_CODED_FRAMES = 1;
  private static final int EX_SEQUENCE_END = 2;
  private static final int EX_CODED_FRAMES_X = 3;
  private static final int EX_METADATA = 4;
  private static final int EX_MULTITRACK = 6;

  /**
   * @param body the tag body, position to limit; not changed
   * @throws FlvException MALFORMED or UNSUPPORTED_CODEC; the tag is to be dropped
   */
  public static FlvVideoTag parse(ByteBuffer body) throws FlvException {
    ByteBuffer in = body.slice();
    ExHeader.need(in, 1, "videoTag");
    int first = in.get() & 0xFF;
    boolean extended = (first & 0x80) != 0;
    int frameType = first >> 4 & 7;
    return extended ? enhanced(in, frameType, first & 0xF) : legacy(in, frameType, first & 0xF);
  }

  private static FlvVideoTag legacy(ByteBuffer in, int frameType, int codecId) throws FlvException {
    if (frameType == FRAME_COMMAND) {
      return ignored(0);
    }
    if (codecId != LEGACY_AVC && codecId != LEGACY_HEVC) {
      throw FlvException.unsupported("videoCodecId", codecId);
    }
    ExHeader.need(in, 4, "videoTag");
    int packetType = in.get() & 0xFF;
    int compositionTime = int24(in);
    FlvPacketType type;
    switch (packetType) {
      case 0 -> {
        type = FlvPacketType.SEQUENCE_START;
      }
      case 1 -> {
        type = FlvPacketType.FRAME;
      }
      case 2 -> {
        type = FlvPacketType.SEQUENCE_END;
      }
      default -> {
        throw FlvException.malformed("avcPacketType", packetType, "0 to 2");
      }
    }
    FlvCodec codec = codecId == LEGACY_AVC ? FlvCodec.AVC : FlvCodec.HEVC;
    return new FlvVideoTag(type, codec, frameType == FRAME_KEY, compositionTime, in.slice(), 0);
  }

  private static FlvVideoTag enhanced(ByteBuffer in, int frameType, int firstPacketType)
      throws FlvException {
    int packetType = ExHeader.skipModEx(in, firstPacketType);
    if (packetType != EX_METADATA && frameType == FRAME_COMMAND) {
      return ignored(0);
    }
    ExHeader header = ExHeader.parse(in, packetType, EX_MULTITRACK, true);
    FlvCodec codec = header.codec();
    if (codec == null) {
      return ignored(header.otherTracks());
    }
    boolean key = frameType == FRAME_KEY;
    ByteBuffer data = header.data();
    switch (header.packetType()) {
      case EX_SEQUENCE_START -> {
        return new FlvVideoTag(
            FlvPacketType.SEQUENCE_START, codec, key, 0, data, header.otherTracks());
      }
      case EX_CODED_FRAMES -> {
        int compositionTime = 0;
        if (codec != FlvCodec.AV1) {
          ExHeader.need(data, 3, "compositionTime");
          compositionTime = int24(data);
        }
        return new FlvVideoTag(
            FlvPacketType.FRAME, codec, key, compositionTime, data.slice(), header.otherTracks());
      }
      case EX_CODED_FRAMES_X -> {
        return new FlvVideoTag(FlvPacketType.FRAME, codec, key, 0, data, header.otherTracks());
      }
      case EX_SEQUENCE_END -> {
        return new FlvVideoTag(
            FlvPacketType.SEQUENCE_END, codec, key, 0, data, header.otherTracks());
      }
      default -> {
        return ignored(header.otherTracks());
      }
    }
  }

  private static FlvVideoTag ignored(int otherTracks) {
    return new FlvVideoTag(
        FlvPacketType.IGNORED, null, false, 0, ByteBuffer.allocate(0), otherTracks);
  }

  private static int int24(ByteBuffer in) {
    return ExHeader.uint24(in) << 8 >> 8;
  }
}
