package io.millrace.node.relay;

import io.millrace.media.MediaUnit;

/** What an ingest sends to the owner, in order, within one session. */
public sealed interface RelayFrame {

  record Unit(MediaUnit unit) implements RelayFrame {}

  /** The units of these numbers were given up because the relay was full; inclusive. */
  record Dropped(long fromSeq, long toSeq) implements RelayFrame {}

  /** The bit rate that the publisher declared, bit/s. */
  record DeclaredBitrate(long bitsPerSecond) implements RelayFrame {}

  /** The publish is over; nothing follows. */
  record End(boolean clean) implements RelayFrame {}

  /** The way was cut without an end; the relay may come back with the same lease. */
  record Broken() implements RelayFrame {}

  /** What this frame counts against a queue's byte bound. */
  default long sizeBytes() {
    return this instanceof Unit u ? u.unit().payload().length + 64L : 64L;
  }
}
