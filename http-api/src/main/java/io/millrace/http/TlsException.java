package io.millrace.http;

import java.io.IOException;
import java.nio.file.Path;

/** A certificate or key that cannot be used; the message names the file and the rule. */
final class TlsException extends IOException {
  private static final long serialVersionUID = 1L;

  TlsException(Path file, String actual, String expected) {
    super(file + ": " + actual + " (expected: " + expected + ")");
  }
}
