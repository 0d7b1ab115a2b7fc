package io.millrace.media.worker;

import java.util.Arrays;

/**
 * A 4:2:0 picture in limited range on the heap, with the few shapes that the test pattern needs.
 */
final class PictureCanvas {
  /** Y, Cb, Cr of BT.709 limited range. */
  record Color(int y, int cb, int cr) {
    /** From 8-bit R'G'B' by BT.709 (ITU-R BT.709-6 §3). */
    static Color rgb(int red, int green, int blue) {
      double r = red / 255.0;
      double g = green / 255.0;
      double b = blue / 255.0;
      double luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      return new Color(
          (int) Math.round(16 + 219 * luma),
          (int) Math.round(128 + 224 * (b - luma) / 1.8556),
          (int) Math.round(128 + 224 * (r - luma) / 1.5748));
    }
  }

  final int width;
  final int height;
  private final byte[][] planes;

  PictureCanvas(int width, int height) {
    this.width = width;
    this.height = height;
    planes = new byte[][] {new byte[width * height], chroma(width, height), chroma(width, height)};
  }

  private static byte[] chroma(int width, int height) {
    return new byte[width / 2 * (height / 2)];
  }

  byte[] plane(int index) {
    return planes[index];
  }

  /** Takes the rows from {@code top} (even) down to the end over from a picture of equal size. */
  void copyRows(PictureCanvas from, int top) {
    for (int plane = 0; plane < 3; plane++) {
      int start = plane == 0 ? top * width : top / 2 * (width / 2);
      System.arraycopy(
          from.planes[plane], start, planes[plane], start, planes[plane].length - start);
    }
  }

  /** Edges at even numbers. */
  void rectangle(int left, int top, int right, int bottom, Color color) {
    for (int y = top; y < bottom; y++) {
      Arrays.fill(planes[0], y * width + left, y * width + right, (byte) color.y());
    }
    int half = width / 2;
    for (int y = top / 2; y < bottom / 2; y++) {
      Arrays.fill(planes[1], y * half + left / 2, y * half + right / 2, (byte) color.cb());
      Arrays.fill(planes[2], y * half + left / 2, y * half + right / 2, (byte) color.cr());
    }
  }

  /** A disc with a soft edge. */
  void disc(double centreX, double centreY, double radius, Color color) {
    int left = Math.max(0, (int) (centreX - radius - 2)) & ~1;
    int right = Math.min(width, (int) (centreX + radius + 4)) & ~1;
    int top = Math.max(0, (int) (centreY - radius - 2)) & ~1;
    int bottom = Math.min(height, (int) (centreY + radius + 4)) & ~1;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        double alpha = radius + 0.5 - Math.hypot(x + 0.5 - centreX, y + 0.5 - centreY);
        mix(0, y * width + x, color.y(), alpha);
        if ((x & 1) == 0 && (y & 1) == 0) {
          mix(1, y / 2 * (width / 2) + x / 2, color.cb(), alpha);
          mix(2, y / 2 * (width / 2) + x / 2, color.cr(), alpha);
        }
      }
    }
  }

  /** Text in luma only: for a grey or dark ground. */
  void text(BitmapFont font, int left, int top, String text, int luma) {
    for (int i = 0; i < text.length(); i++) {
      BitmapFont.Mask mask = font.mask(text.charAt(i));
      if (mask != null) {
        glyph(mask, left + i * font.advance(), top, luma);
      }
    }
  }

  private void glyph(BitmapFont.Mask mask, int left, int top, int luma) {
    int columns = Math.min(mask.width(), width - left);
    int rows = Math.min(mask.height(), height - top);
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        double alpha = (mask.alpha()[y * mask.width() + x] & 0xff) / 255.0;
        mix(0, (top + y) * width + left + x, luma, alpha);
      }
    }
  }

  private void mix(int plane, int at, int value, double alpha) {
    double a = Math.max(0, Math.min(1, alpha));
    byte[] bytes = planes[plane];
    bytes[at] = (byte) Math.round((bytes[at] & 0xff) * (1 - a) + value * a);
  }
}
