package io.millrace.node.relay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Bounds of what an ingest holds of one stream.
 *
 * @param keepMedia media kept for replay at least, if there is room
 * @param keepBytes payload kept in memory at most
 * @param unsentBytes payload waiting for the owner above which the broadcaster is no longer read
 * @param leaseTimeout how long a publish waits for the owner's answer
 * @param resumeTimeout how long a connected publisher is kept while its stream has no owner
 * @param diskBytes payload that all relays of the node may keep on disk
 * @param diskDirectory where; empty: nothing goes to disk
 * @param testAcceptLog where {@link AcceptLog} writes, empty for nowhere
 */
public record RelaySettings(
    Duration keepMedia,
    long keepBytes,
    long unsentBytes,
    Duration leaseTimeout,
    Duration resumeTimeout,
    long diskBytes,
    Optional<Path> diskDirectory,
    Optional<Path> testAcceptLog) {

  public RelaySettings {
    positive("keepMedia", keepMedia);
    positive("leaseTimeout", leaseTimeout);
    positive("resumeTimeout", resumeTimeout);
    if (keepBytes < 1 || unsentBytes < 1 || unsentBytes > keepBytes) {
      throw new IllegalArgumentException(
          "unsentBytes: "
              + unsentBytes
              + ", keepBytes: "
              + keepBytes
              + " (expected: both positive, unsentBytes at most keepBytes)");
    }
  }

  private static void positive(String field, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: more than 0)");
    }
  }

  /** 40 s and 16 MiB as design note 05 says, nothing on disk; 4 MiB may wait for the owner. */
  public static RelaySettings standard() {
    return new RelaySettings(
        Duration.ofSeconds(40),
        16L << 20,
        4L << 20,
        Duration.ofSeconds(8),
        Duration.ofSeconds(40),
        0,
        Optional.empty(),
        Optional.empty());
  }
}
