package io.millrace.node.edge;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Parent of the followers of a node: one per stream that viewers ask for and others own. */
public final class EdgeFollowers {

  /** What the parent is told. */
  public sealed interface Command {}

  record Follow(EdgeStream stream) implements Command {}

  private EdgeFollowers() {}

  /** To be given to {@link StreamEdge#followBy}. */
  public static Behavior<Command> create(StreamEdge edge, FollowPort owners, String node) {
    return create(new EdgeFollower.Place(edge, owners, node, edge.idleLimit(), System::nanoTime));
  }

  static Behavior<Command> create(EdgeFollower.Place place) {
    return Behaviors.setup(
        context ->
            Behaviors.receive(Command.class)
                .onMessage(Follow.class, follow -> onFollow(context, place, follow))
                .build());
  }

  private static Behavior<Command> onFollow(
      ActorContext<Command> context, EdgeFollower.Place place, Follow follow) {
    context.spawnAnonymous(EdgeFollower.create(place, follow.stream()));
    return Behaviors.same();
  }
}
