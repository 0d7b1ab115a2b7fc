package io.millrace.media.codec;

/** Colour tags by ISO/IEC 23091-2 code points; 2 is "unspecified". */
public record ColorDescription(int primaries, int transfer, int matrix, boolean fullRange) {
  public static final ColorDescription UNSPECIFIED = new ColorDescription(2, 2, 2, false);
}
