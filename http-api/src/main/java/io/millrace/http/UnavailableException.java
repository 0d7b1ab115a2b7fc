package io.millrace.http;

/** What was asked for cannot be had now but may be later: 503 with Retry-After. */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnavailableException(String what, Throwable cause) {
    super(what + ": unavailable now", cause);
  }
}
