package io.millrace.media.codec;

/**
 * A configuration or access unit that breaks a rule of its codec or a limit of ours. The message
 * has the form {@code field: actual (expected: rule)} and holds no publisher secret. Stackless.
 */
public final class CodecException extends Exception {
  private static final long serialVersionUID = 1L;

  public CodecException(String message) {
    super(message, null, false, false);
  }
}
