package io.millrace.node.edge;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Which streams have a follower, and which were found to be gone a moment ago; thread-safe. Without
 * a parent of followers (mode single) nothing is followed.
 */
final class FollowedStreams {
  /** As long as caches may keep the 404. */
  private static final Duration GONE = Duration.ofSeconds(1);

  private static final int MAX_GONE = 10_000;

  private final Set<EdgeStream> following = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<String, Long> goneUntilNanos = new ConcurrentHashMap<>();
  private final Duration idleLimit;
  private volatile ActorRef<EdgeFollowers.Command> parent;

  FollowedStreams(Duration idleLimit) {
    this.idleLimit = idleLimit;
  }

  void followBy(ActorRef<EdgeFollowers.Command> newParent) {
    parent = newParent;
  }

  boolean isOn() {
    return parent != null;
  }

  /** Starts a follower unless there is one, or the owner is on this node. */
  void follow(EdgeStream stream) {
    ActorRef<EdgeFollowers.Command> by = parent;
    if (by != null
        && !stream.isOwnedHere()
        && !following.contains(stream)
        && following.add(stream)) {
      by.tell(new EdgeFollowers.Follow(stream));
    }
  }

  boolean isWatched(EdgeStream stream) {
    return stream.watching().idle().compareTo(idleLimit) <= 0;
  }

  void unfollowed(EdgeStream stream) {
    following.remove(stream);
  }

  int count() {
    return following.size();
  }

  void gone(String streamId) {
    long now = System.nanoTime();
    if (goneUntilNanos.size() >= MAX_GONE) {
      goneUntilNanos.values().removeIf(until -> until - now <= 0);
    }
    if (goneUntilNanos.size() < MAX_GONE) {
      goneUntilNanos.put(streamId, now + GONE.toNanos());
    }
  }

  boolean isGone(String streamId) {
    Long until = goneUntilNanos.get(streamId);
    if (until == null) {
      return false;
    }
    if (until - System.nanoTime() > 0) {
      return true;
    }
    goneUntilNanos.remove(streamId, until);
    return false;
  }
}
