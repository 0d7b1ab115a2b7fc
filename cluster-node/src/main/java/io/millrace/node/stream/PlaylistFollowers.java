package io.millrace.node.stream;

import io.millrace.http.ViewerSample;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.edge.EdgeFollower;
import io.millrace.node.edge.FollowRequest;
import io.millrace.node.edge.StreamChange;
import io.millrace.node.edge.StreamPush;
import io.millrace.node.edge.StreamSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The nodes that follow one stream: each gets a whole version, then what changes in every later
 * one, and its number every second. A node that does not repeat its request is forgotten. Confined
 * to the playlists' actor; rebuilt by the followers' requests after a restart.
 */
final class PlaylistFollowers {

  /** Followers repeat their request every {@code EdgeFollower.RENEW}. */
  private static final Duration LEASE = Duration.ofSeconds(20);

  /** More nodes than any cluster has. */
  private static final int MAX_FOLLOWERS = 1000;

  private record Follower(ViewerSample viewers, long untilNanos) {}

  private final ActorContext<?> context;
  private final Endpoint source;
  private final Map<ActorRef<EdgeFollower.Command>, Follower> followers = new HashMap<>();
  private StreamSnapshot newest;
  private StreamPush push;

  /**
   * @param source where this node serves objects to other nodes
   */
  PlaylistFollowers(ActorContext<?> context, Endpoint source) {
    this.context = context;
    this.source = source;
  }

  void publish(StreamSnapshot next) {
    StreamSnapshot before = newest;
    newest = next;
    push = null;
    if (!followers.isEmpty()) {
      EdgeFollower.Command message =
          StreamChange.between(before, next, System.currentTimeMillis())
              .map(change -> (EdgeFollower.Command) change)
              .orElseGet(this::newestPush);
      followers.keySet().forEach(follower -> follower.tell(message));
    }
  }

  /** Made for the first who needs it, shared by all. */
  private StreamPush newestPush() {
    if (push == null) {
      push = StreamPush.of(newest, source);
    }
    return push;
  }

  void onFollow(FollowRequest request) {
    ActorRef<EdgeFollower.Command> subscriber = request.subscriber();
    if (!followers.containsKey(subscriber)) {
      if (followers.size() >= MAX_FOLLOWERS) {
        return;
      }
      context.watch(subscriber);
    }
    followers.put(
        subscriber, new Follower(request.sessions(), System.nanoTime() + LEASE.toNanos()));
    boolean current = request.epoch() == newest.epoch() && request.version() == newest.version();
    subscriber.tell(
        current ? new EdgeFollower.Beat(newest.epoch(), newest.version()) : newestPush());
  }

  void beat() {
    long now = System.nanoTime();
    followers.entrySet().removeIf(f -> isOver(f.getKey(), f.getValue(), now));
    EdgeFollower.Beat beat = new EdgeFollower.Beat(newest.epoch(), newest.version());
    followers.keySet().forEach(follower -> follower.tell(beat));
  }

  private boolean isOver(ActorRef<EdgeFollower.Command> ref, Follower follower, long now) {
    boolean over = follower.untilNanos() - now < 0;
    if (over) {
      context.unwatch(ref);
    }
    return over;
  }

  /** Watched, and gone. */
  void onTerminated(ActorRef<?> follower) {
    followers.keySet().removeIf(ref -> ref.equals(follower));
  }

  /** The owner stops: followers ask for the next one. */
  void release() {
    followers
        .keySet()
        .forEach(follower -> follower.tell(new EdgeFollower.Released(newest.epoch())));
    followers.clear();
  }

  /** Playback sessions on each node that follows and has some. */
  List<ViewerSample> viewers() {
    return followers.values().stream()
        .map(Follower::viewers)
        .filter(sample -> sample.sessions() > 0)
        .toList();
  }
}
