package io.millrace.protocol.rtmp;

import io.millrace.protocol.amf.AmfException;

/**
 * A peer broke the protocol. Stackless, since peers cause it at will; the message has the form
 * {@code field: actual (expected: rule)} and never holds a stream key.
 */
public final class RtmpException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is lost: the message only, or the connection. */
  public enum Scope {
    MESSAGE,
    CONNECTION
  }

  private final RtmpError code;
  private final Scope scope;

  public RtmpException(RtmpError code, Scope scope, String message) {
    super(message, null, false, false);
    this.code = code;
    this.scope = scope;
  }

  static RtmpException malformed(String message) {
    return new RtmpException(RtmpError.MALFORMED, Scope.CONNECTION, message);
  }

  static RtmpException limit(String message) {
    return new RtmpException(RtmpError.LIMIT, Scope.CONNECTION, message);
  }

  static RtmpException badMessage(String message) {
    return new RtmpException(RtmpError.MALFORMED, Scope.MESSAGE, message);
  }

  static RtmpException of(AmfException e) {
    RtmpError code = e.isUnsupported() ? RtmpError.UNSUPPORTED : RtmpError.MALFORMED;
    return new RtmpException(code, Scope.CONNECTION, e.getMessage());
  }

  public RtmpError code() {
    return code;
  }

  public Scope scope() {
    return scope;
  }
}
