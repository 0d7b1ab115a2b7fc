package io.millrace.protocol.flv;

import java.util.HashMap;
import java.util.Map;

/** Codecs of FLV that are ingested, with their Enhanced RTMP v2 FourCC. */
public enum FlvCodec {
  AVC("avc1", true),
  HEVC("hvc1", true),
  AV1("av01", true),
  AAC("mp4a", false),
  OPUS("Opus", false),
  MP3(".mp3", false),
  FLAC("fLaC", false),
  AC3("ac-3", false);

  private static final Map<Integer, FlvCodec> BY_FOURCC = new HashMap<>();

  static {
    for (FlvCodec codec : values()) {
      BY_FOURCC.put(codec.fourCc, codec);
    }
  }

  private final int fourCc;
  private final boolean video;

  FlvCodec(String fourCc, boolean video) {
    this.fourCc =
        fourCc.charAt(0) << 24 | fourCc.charAt(1) << 16 | fourCc.charAt(2) << 8 | fourCc.charAt(3);
    this.video = video;
  }

  /** Four ASCII characters, the first in the highest byte. */
  public int fourCc() {
    return fourCc;
  }

  public boolean isVideo() {
    return video;
  }

  static FlvCodec ofFourCc(int fourCc, boolean video) throws FlvException {
    FlvCodec codec = BY_FOURCC.get(fourCc);
    if (codec == null || codec.video != video) {
      throw FlvException.unsupported(video ? "videoFourCc" : "audioFourCc", printable(fourCc));
    }
    return codec;
  }

  /** For logs: four characters, or hexadecimal when they are not printable. */
  private static String printable(int fourCc) {
    StringBuilder text = new StringBuilder(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      int c = fourCc >> shift & 0xFF;
      if (c < 0x20 || c > 0x7E) {
        return "0x" + Integer.toHexString(fourCc);
      }
      text.append((char) c);
    }
    return "'" + text + "'";
  }
}
