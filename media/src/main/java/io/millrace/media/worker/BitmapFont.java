package io.millrace.media.worker;

import java.util.HashMap;
import java.util.Map;

/**
 * Letters and digits of 5 × 7 cells, scaled up with smooth edges. Each mask is made once per size.
 */
final class BitmapFont {
  private static final int COLUMNS = 5;
  private static final int ROWS = 7;

  /** Seven rows of five bits each, two hex digits per row. */
  private static final Map<Character, String> GLYPHS =
      Map.ofEntries(
          Map.entry('0', "0E11111111110E"),
          Map.entry('1', "040C040404040E"),
          Map.entry('2', "0E11010204081F"),
          Map.entry('3', "1F02040201110E"),
          Map.entry('4', "02060A121F0202"),
          Map.entry('5', "1F101E0101110E"),
          Map.entry('6', "0608101E11110E"),
          Map.entry('7', "1F010204080808"),
          Map.entry('8', "0E11110E11110E"),
          Map.entry('9', "0E11110F01020C"),
          Map.entry(':', "000C0C000C0C00"),
          Map.entry('.', "00000000000C0C"),
          Map.entry('A', "0E11111F111111"),
          Map.entry('C', "0E11101010110E"),
          Map.entry('E', "1F10101E10101F"),
          Map.entry('F', "1F10101E101010"),
          Map.entry('I', "0E04040404040E"),
          Map.entry('L', "1010101010101F"),
          Map.entry('M', "111B1515111111"),
          Map.entry('P', "1E11111E101010"),
          Map.entry('R', "1E11111E141211"),
          Map.entry('S', "0F10100E01011E"),
          Map.entry('T', "1F040404040404"),
          Map.entry('U', "1111111111110E"),
          Map.entry('X', "11110A040A1111"));

  /** Coverage of one glyph, 0 to 255 per pixel, row by row. */
  record Mask(int width, int height, byte[] alpha) {}

  private final Map<Character, Mask> masks = new HashMap<>();
  private final int cell;

  /**
   * @param cell pixels per cell of the 5 × 7 grid
   */
  BitmapFont(int cell) {
    this.cell = cell;
  }

  /** Distance from one character to the next, pixels. */
  int advance() {
    return cell * (COLUMNS + 1);
  }

  int height() {
    return cell * ROWS;
  }

  int width(String text) {
    return Math.max(0, text.length() * advance() - cell);
  }

  /** Null for a character without a glyph, such as a blank. */
  Mask mask(char c) {
    return GLYPHS.containsKey(c) ? masks.computeIfAbsent(c, this::draw) : null;
  }

  private Mask draw(char c) {
    String rows = GLYPHS.get(c);
    int width = cell * COLUMNS;
    int height = cell * ROWS;
    byte[] alpha = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double value = smooth(rows, (x + 0.5) / cell - 0.5, (y + 0.5) / cell - 0.5);
        alpha[y * width + x] = (byte) Math.round(255 * value);
      }
    }
    return new Mask(width, height, alpha);
  }

  /** Bilinear between cell centres, then a steep step: round corners, one pixel of soft edge. */
  private double smooth(String rows, double x, double y) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    double fx = x - left;
    double fy = y - top;
    double value =
        (bit(rows, left, top) * (1 - fx) + bit(rows, left + 1, top) * fx) * (1 - fy)
            + (bit(rows, left, top + 1) * (1 - fx) + bit(rows, left + 1, top + 1) * fx) * fy;
    return Math.max(0, Math.min(1, (value - 0.4) * Math.max(2, cell * 0.8) + 0.5));
  }

  private static int bit(String rows, int x, int y) {
    if (x < 0 || y < 0 || x >= COLUMNS || y >= ROWS) {
      return 0;
    }
    int row = Integer.parseInt(rows, 2 * y, 2 * y + 2, 16);
    return row >> (COLUMNS - 1 - x) & 1;
  }
}
