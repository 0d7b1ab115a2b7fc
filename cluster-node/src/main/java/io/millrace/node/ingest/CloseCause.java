package io.millrace.node.ingest;

import java.util.Locale;

/** Why a connection ended; the tag {@code reason} of its counter. */
enum CloseCause {
  PEER_CLOSED(false),
  TAKEN_OVER(false),
  KICKED(false),
  NODE_STOPPING(false),
  REFUSED(true),
  TOO_MANY_CONNECTIONS(true),
  TOO_MANY_FROM_ADDRESS(true),
  HANDSHAKE_TIMEOUT(true),
  CONNECT_TIMEOUT(true),
  PUBLISH_TIMEOUT(true),
  READ_TIMEOUT(true),
  NOT_RTMP(true),
  PROTOCOL(true),
  BAD_NAME(true),
  BAD_MEDIA(true),
  RATE(true),
  SLOW_READER(true),
  IO_ERROR(true),
  INTERNAL(true);

  private final boolean warning;

  CloseCause(boolean warning) {
    this.warning = warning;
  }

  boolean warning() {
    return warning;
  }

  /** Lower case with hyphens. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
