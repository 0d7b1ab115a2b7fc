package io.millrace.protocol.flv;

import java.nio.ByteBuffer;

/**
 * The part of an Enhanced RTMP v2 tag header that audio and video share: ModEx prefixes, multitrack
 * and FourCC. Source: Enhanced RTMP v2, "ExAudioTagHeader" and "ExVideoTagHeader".
 *
 * @param packetType of the default track's packet, after ModEx and multitrack were unwrapped
 * @param codec of the default track, null when the tag has none for it
 * @param data the default track's packet; empty when the tag has none
 * @param otherTracks packets of tracks other than 0 in this tag
 */
record ExHeader(int packetType, FlvCodec codec, ByteBuffer data, int otherTracks) {
  private static final int MOD_EX = 7;
  private static final int MAX_MOD_EX = 16;
  private static final int ONE_TRACK = 0;
  private static final int MANY_TRACKS_MANY_CODECS = 2;

  /**
   * @param in after the first byte of the body
   * @param firstPacketType low four bits of that byte
   * @param multitrack packet type that means multitrack: 6 in video, 5 in audio
   */
  static ExHeader parse(ByteBuffer in, int firstPacketType, int multitrack, boolean video)
      throws FlvException {
    int packetType = skipModEx(in, firstPacketType);
    if (packetType != multitrack) {
      return new ExHeader(packetType, FlvCodec.ofFourCc(fourCc(in), video), in.slice(), 0);
    }
    need(in, 1, "multitrack");
    int byteValue = in.get() & 0xFF;
    int type = byteValue >> 4;
    int innerType = byteValue & 0xF;
    if (type > MANY_TRACKS_MANY_CODECS || innerType == multitrack || innerType == MOD_EX) {
      throw FlvException.malformed("multitrack", byteValue, "type 0 to 2 around a plain packet");
    }
    return tracks(in, type, innerType, video);
  }

  /** The packet type after all ModEx prefixes; each takes at least two bytes of the body. */
  static int skipModEx(ByteBuffer in, int firstPacketType) throws FlvException {
    int packetType = firstPacketType;
    for (int i = 0; packetType == MOD_EX; i++) {
      if (i == MAX_MOD_EX) {
        throw FlvException.malformed("modEx", i + 1, "at most " + MAX_MOD_EX);
      }
      need(in, 1, "modEx.size");
      int size = (in.get() & 0xFF) + 1;
      if (size == 256) {
        need(in, 2, "modEx.size");
        size = (in.getShort() & 0xFFFF) + 1;
      }
      need(in, size + 1, "modEx");
      in.position(in.position() + size);
      packetType = in.get() & 0xF;
    }
    return packetType;
  }

  private static ExHeader tracks(ByteBuffer in, int type, int packetType, boolean video)
      throws FlvException {
    int sharedFourCc = type == MANY_TRACKS_MANY_CODECS ? 0 : fourCc(in);
    FlvCodec codec = null;
    ByteBuffer data = in.slice(in.position(), 0);
    int others = 0;
    do {
      int fourCc = type == MANY_TRACKS_MANY_CODECS ? fourCc(in) : sharedFourCc;
      need(in, 1, "trackId");
      int trackId = in.get() & 0xFF;
      int size = in.remaining();
      if (type != ONE_TRACK) {
        need(in, 3, "sizeOfTrack");
        size = uint24(in);
        need(in, size, "sizeOfTrack");
      }
      if (trackId == 0 && codec == null) {
        codec = FlvCodec.ofFourCc(fourCc, video);
        data = in.slice(in.position(), size);
      } else {
        others++;
      }
      in.position(in.position() + size);
    } while (in.hasRemaining());
    return new ExHeader(packetType, codec, data, others);
  }

  private static int fourCc(ByteBuffer in) throws FlvException {
    need(in, 4, "fourCc");
    return in.getInt();
  }

  static int uint24(ByteBuffer in) {
    return (in.get() & 0xFF) << 16 | (in.get() & 0xFF) << 8 | (in.get() & 0xFF);
  }

  static void need(ByteBuffer in, int bytes, String field) throws FlvException {
    if (in.remaining() < bytes) {
      throw FlvException.malformed(field, in.remaining() + " bytes", "at least " + bytes);
    }
  }
}
