package io.millrace.node.edge;

import io.millrace.node.cluster.Endpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * What a follower has received of the owner heard last, shown or not yet: parts are nowhere but at
 * their owner, so a version waits for those that it adds. Confined to the follower.
 */
final class ReceivedVersions {
  /** An owner that is heard, but gives no part for so long, is unreachable for objects. */
  static final Duration UNFETCHABLE = Duration.ofSeconds(4);

  /**
   * @param source where its owner serves objects
   * @param publishedAtMs when its owner showed it, by that node's wall clock, if it is said
   */
  record Version(StreamSnapshot snapshot, Endpoint source, OptionalLong publishedAtMs) {}

  private final LongSupplier nanoClock;
  private Optional<Version> newest = Optional.empty();
  private OptionalLong unfetchableSinceNanos = OptionalLong.empty();
  private int waiting;

  /**
   * @param nanoClock monotonic
   */
  ReceivedVersions(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** What changes build on; it may not be shown yet. */
  Optional<Version> newest() {
    return newest;
  }

  void add(Version version) {
    if (newest.isEmpty() || version.snapshot().isNewerThan(newest.get().snapshot())) {
      if (!isOfTheLastOwner(version)) {
        unfetchableSinceNanos = OptionalLong.empty();
      }
      newest = Optional.of(version);
    }
  }

  /** What was received has no future. */
  void startOver() {
    newest = Optional.empty();
  }

  private boolean isOfTheLastOwner(Version version) {
    return newest.filter(n -> n.snapshot().epoch() == version.snapshot().epoch()).isPresent();
  }

  /** Parts of a version are on their way. */
  void waits() {
    waiting++;
  }

  /**
   * Parts of a version have come, or will not come. Whether it may be shown: an owner that was
   * killed with its parts is passed over; one that goes on, but cannot be reached for objects, is
   * not, since its segments are in the store.
   */
  boolean mayShow(Version version, boolean fetched) {
    waiting--;
    if (!isOfTheLastOwner(version)) {
      return false;
    }
    if (fetched) {
      unfetchableSinceNanos = OptionalLong.empty();
      return true;
    }
    long now = nanoClock.getAsLong();
    if (unfetchableSinceNanos.isEmpty()) {
      unfetchableSinceNanos = OptionalLong.of(now);
    }
    return now - unfetchableSinceNanos.getAsLong() >= UNFETCHABLE.toNanos();
  }

  /**
   * The version up to which nothing is missing: the newest while any waits for its parts, else what
   * is shown.
   */
  StreamSnapshot upTo(StreamSnapshot shown) {
    return waiting > 0 ? newest.map(Version::snapshot).orElse(shown) : shown;
  }
}
