package io.millrace.media.worker;

/** A native call failed; the message names the call and FFmpeg's own text. */
final class NativeException extends Exception {
  private static final long serialVersionUID = 1L;

  NativeException(String message) {
    super(message);
  }
}
