package io.millrace.protocol.flv;

import java.nio.ByteBuffer;

/**
 * The body of an audio tag. Source: Adobe FLV 10.1 §E.4.2, Enhanced RTMP v2.
 *
 * @param codec null when {@code type} is IGNORED
 * @param data a view of the body: configuration record or one frame
 * @param otherTracks packets of tracks other than 0 that this tag held besides
 */
public record FlvAudioTag(FlvPacketType type, FlvCodec codec, ByteBuffer data, int otherTracks) {

  private static final int FORMAT_MP3 = 2;
  private static final int FORMAT_EX_HEADER = 9;
  private static final int FORMAT_AAC = 10;
  private static final int FORMAT_MP3_8K = 14;

  private static final int EX_SEQUENCE_START = 0;
  private static final int EX_CODED_FRAMES = 1;
  private static final int EX_SEQUENCE_END = 2;
  private static final int EX_MULTITRACK = 5;

  /**
   * @param body the tag body, position to limit; not changed
   * @throws FlvException MALFORMED or UNSUPPORTED_CODEC; the tag is to be dropped
   */
  public static FlvAudioTag parse(ByteBuffer body) throws FlvException {
    ByteBuffer in = body.slice();
    ExHeader.need(in, 1, "audioTag");
    int first = in.get() & 0xFF;
    return switch (first >> 4) {
      case FORMAT_EX_HEADER -> enhanced(in, first & 0xF);
      case FORMAT_AAC -> aac(in);
      case FORMAT_MP3, FORMAT_MP3_8K ->
          new FlvAudioTag(FlvPacketType.FRAME, FlvCodec.MP3, in.slice(), 0);
      default -> throw FlvException.unsupported("soundFormat", first >> 4);
    };
  }

  private static FlvAudioTag aac(ByteBuffer in) throws FlvException {
    ExHeader.need(in, 1, "aacPacketType");
    int packetType = in.get() & 0xFF;
    if (packetType > 1) {
      throw FlvException.malformed("aacPacketType", packetType, "0 or 1");
    }
    FlvPacketType type = packetType == 0 ? FlvPacketType.SEQUENCE_START : FlvPacketType.FRAME;
    return new FlvAudioTag(type, FlvCodec.AAC, in.slice(), 0);
  }

  private static FlvAudioTag enhanced(ByteBuffer in, int packetType) throws FlvException {
    ExHeader header = ExHeader.parse(in, packetType, EX_MULTITRACK, false);
    FlvPacketType type = header.codec() == null ? FlvPacketType.IGNORED : type(header.packetType());
    boolean ignored = type == FlvPacketType.IGNORED;
    return new FlvAudioTag(
        type, ignored ? null : header.codec(), header.data(), header.otherTracks());
  }

  private static FlvPacketType type(int packetType) {
    return switch (packetType) {
      case EX_SEQUENCE_START -> FlvPacketType.SEQUENCE_START;
      case EX_CODED_FRAMES -> FlvPacketType.FRAME;
      case EX_SEQUENCE_END -> FlvPacketType.SEQUENCE_END;
      default -> FlvPacketType.IGNORED;
    };
  }
}
