package io.millrace.protocol.flv;

/** A tag that cannot be used; the message has the form {@code field: actual (expected: rule)}. */
public final class FlvException extends Exception {
  private static final long serialVersionUID = 1L;

  private final FlvError error;

  public FlvException(FlvError error, String message) {
    super(message, null, false, false);
    this.error = error;
  }

  public FlvError error() {
    return error;
  }

  static FlvException malformed(String field, Object actual, String rule) {
    return new FlvException(
        FlvError.MALFORMED, field + ": " + actual + " (expected: " + rule + ")");
  }

  static FlvException unsupported(String field, Object actual) {
    return new FlvException(
        FlvError.UNSUPPORTED_CODEC, field + ": " + actual + " (expected: a supported codec)");
  }
}
