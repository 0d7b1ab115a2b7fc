package io.millrace.testkit.hls;

import java.util.Arrays;

/**
 * A frame number as black and white blocks in the picture: 16 columns and 2 rows of cells, each a
 * sixteenth of the width and of the height (30 pixels and more when the shorter side is 480), in
 * the middle of the picture. 24 bits of number, then its CRC-8, most significant bit first, white =
 * 1. Survives scaling and coarse quantisation; what does not is found by the checksum.
 */
public final class FrameCode {

  private static final int GRID = 16;
  private static final int FIRST_ROW = 7;
  private static final int BITS = 32;
  private static final byte BLACK = 16;
  private static final byte WHITE = (byte) 235;
  private static final byte NEUTRAL_CHROMA = (byte) 128;

  /** Means between these two are neither black nor white. */
  private static final int BLACK_BELOW = 100;

  private static final int WHITE_ABOVE = 152;

  /** Numbers are below this. */
  public static final int LIMIT = 1 << 24;

  private FrameCode() {}

  /**
   * What was read from one picture.
   *
   * @param number the frame number, -1 if it is not readable
   * @param failure why it is not readable, empty if it is
   */
  public record Reading(int number, String failure) {
    public boolean isReadable() {
      return failure.isEmpty();
    }
  }

  /**
   * Draws {@code frameNumber} into a picture.
   *
   * @param yuv420p planes Y, U, V without padding, width and height even
   */
  public static void draw(byte[] yuv420p, int width, int height, int frameNumber) {
    if (frameNumber < 0 || frameNumber >= LIMIT) {
      throw new IllegalArgumentException("frameNumber: " + frameNumber + " (expected: 24 bits)");
    }
    int code = frameNumber << 8 | crc8(frameNumber);
    for (int bit = 0; bit < BITS; bit++) {
      boolean white = (code >>> (BITS - 1 - bit) & 1) == 1;
      Cell cell = Cell.of(bit, width, height);
      fill(yuv420p, 0, width, cell, white ? WHITE : BLACK);
    }
    Cell strip = Cell.strip(width, height).halved();
    int chroma = width * height;
    fill(yuv420p, chroma, width / 2, strip, NEUTRAL_CHROMA);
    fill(yuv420p, chroma + chroma / 4, width / 2, strip, NEUTRAL_CHROMA);
  }

  /**
   * Reads the number of a picture.
   *
   * @param luma {@code width * height} bytes without padding
   */
  public static Reading read(byte[] luma, int width, int height) {
    int code = 0;
    for (int bit = 0; bit < BITS; bit++) {
      int mean = mean(luma, width, Cell.of(bit, width, height).middle());
      if (mean >= BLACK_BELOW && mean <= WHITE_ABOVE) {
        return new Reading(-1, "block " + bit + " is grey: " + mean);
      }
      code = code << 1 | (mean > WHITE_ABOVE ? 1 : 0);
    }
    int number = code >>> 8;
    if (crc8(number) != (code & 0xff)) {
      return new Reading(-1, "checksum of " + number + " does not match");
    }
    return new Reading(number, "");
  }

  /** Polynomial x^8+x^2+x+1; the start value makes all-black and all-white pictures invalid. */
  private static int crc8(int number) {
    int crc = 0xa5;
    for (int shift = 16; shift >= 0; shift -= 8) {
      crc ^= number >>> shift & 0xff;
      for (int i = 0; i < 8; i++) {
        crc = (crc & 0x80) != 0 ? (crc << 1 ^ 0x07) & 0xff : crc << 1;
      }
    }
    return crc;
  }

  private static void fill(byte[] plane, int offset, int stride, Cell cell, byte value) {
    for (int y = cell.top; y < cell.bottom; y++) {
      int row = offset + y * stride;
      Arrays.fill(plane, row + cell.left, row + cell.right, value);
    }
  }

  private static int mean(byte[] luma, int stride, Cell cell) {
    long sum = 0;
    for (int y = cell.top; y < cell.bottom; y++) {
      for (int x = cell.left; x < cell.right; x++) {
        sum += luma[y * stride + x] & 0xff;
      }
    }
    return (int) (sum / ((long) (cell.bottom - cell.top) * (cell.right - cell.left)));
  }

  private record Cell(int left, int top, int right, int bottom) {
    static Cell of(int bit, int width, int height) {
      int column = bit % GRID;
      int row = FIRST_ROW + bit / GRID;
      return new Cell(
          column * width / GRID,
          row * height / GRID,
          (column + 1) * width / GRID,
          (row + 1) * height / GRID);
    }

    static Cell strip(int width, int height) {
      return new Cell(0, of(0, width, height).top, width, of(BITS - 1, width, height).bottom);
    }

    Cell halved() {
      return new Cell(left / 2, top / 2, right / 2, bottom / 2);
    }

    /** The half of the sides in the middle, away from the blurred edges. */
    Cell middle() {
      int dx = (right - left) / 4;
      int dy = (bottom - top) / 4;
      return new Cell(left + dx, top + dy, right - dx, bottom - dy);
    }
  }
}
