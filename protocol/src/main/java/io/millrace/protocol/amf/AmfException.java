package io.millrace.protocol.amf;

/** A value that breaks AMF0 or a limit of ours; stackless, since peers cause it at will. */
public final class AmfException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean unsupported;

  AmfException(String message, boolean unsupported) {
    super(message, null, false, false);
    this.unsupported = unsupported;
  }

  static AmfException malformed(String message) {
    return new AmfException(message, false);
  }

  static AmfException unsupported(String message) {
    return new AmfException(message, true);
  }

  /** True for a known marker that is refused on purpose (references, XML, AMF3), else malformed. */
  public boolean isUnsupported() {
    return unsupported;
  }
}
