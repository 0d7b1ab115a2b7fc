package io.millrace.protocol.relay;

/**
 * The other node broke the protocol; the connection is lost. Stackless, since anybody who reaches
 * the port can cause it; the message has the form {@code field: actual (expected: rule)}.
 */
public final class RelayException extends Exception {
  private static final long serialVersionUID = 1L;

  public RelayException(String message) {
    super(message, null, false, false);
  }
}
