package io.millrace.media.codec;

/** The one form of this package's complaints. */
final class Rules {
  private Rules() {}

  static CodecException broken(String field, Object actual, String rule) {
    return new CodecException(field + ": " + actual + " (expected: " + rule + ")");
  }

  /** {@code value} when it lies in [min, max]. */
  static int range(String field, long value, int min, int max) throws CodecException {
    if (value < min || value > max) {
      throw broken(field, value, min + " to " + max);
    }
    return (int) value;
  }
}
