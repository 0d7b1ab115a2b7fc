package io.millrace.media.worker;

import java.io.IOException;

/** Bytes on a worker pipe that break the protocol: the process on the other end is given up. */
final class WireException extends IOException {
  private static final long serialVersionUID = 1L;

  WireException(String message) {
    super(message);
  }
}
