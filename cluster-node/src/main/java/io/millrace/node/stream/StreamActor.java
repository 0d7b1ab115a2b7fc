package io.millrace.node.stream;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.media.MediaSegment;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.CborSerializable;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.edge.FollowRequest;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.edge.StreamStatuses;
import io.millrace.node.placement.Slot;
import io.millrace.node.placement.StreamDirectory;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.relay.LeaseRequest;
import io.millrace.node.relay.PublisherActor;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * The entity of one stream: its protocol and the way into its phases. {@link UnownedStream} reads
 * the state and claims the stream, {@link OwnedStream} owns it while it is live, reconnecting or
 * ended, {@link StreamEnding} ends it or leaves it to the next owner. An owner keeps the publish
 * lease, the order stored → durable → shown → acknowledged, the reconnect grace, the end. Its state
 * is written by {@link StreamStateActor}; media flows through the {@link StreamEngine} beside it.
 * After a crash the next incarnation claims the stream with a higher epoch and goes on from the
 * durable state; what was not durable is replayed by the relay.
 */
public final class StreamActor {

  public static final EntityTypeKey<Command> ENTITY_TYPE_KEY =
      EntityTypeKey.create(Command.class, "Stream");

  /** What a stream is told. */
  public sealed interface Command {}

  /** Asks for the publish lease. */
  @JsonTypeName("start-publish")
  public record StartPublish(
      LeaseRequest request,
      ActorRef<PublisherActor.Command> publisher,
      ActorRef<LeaseReply> replyTo)
      implements Command, CborSerializable {}

  /** Comes to life if there is anything to own; else stops again. */
  @JsonTypeName("wake")
  public record Wake() implements Command, CborSerializable {}

  /** A node wants every version of the playlists; claims nothing for it. */
  @JsonTypeName("follow")
  public record Follow(FollowRequest request) implements Command, CborSerializable {}

  /** Ends the publish and the stream at once. */
  @JsonTypeName("kick")
  public record Kick(ActorRef<KickReply> replyTo) implements Command, CborSerializable {}

  /** Hand-off: ends the publish so that what was acknowledged is durable, then stops. */
  @JsonTypeName("stop")
  public record Stop() implements Command, CborSerializable {}

  /**
   * @param kicked false when there was no live stream
   */
  @JsonTypeName("kick-reply")
  public record KickReply(boolean kicked) implements CborSerializable {}

  record FromEngine(long epoch, EngineEvent event) implements Command {}

  record FromState(StreamStateActor.Event event) implements Command {}

  record ShowUnstored(MediaSegment segment) implements Command {}

  record SessionOpened(long session, Long firstSeq, Throwable failure) implements Command {}

  record KeeperAlarm(StateKeeper.Alarm alarm) implements Command {}

  /** What the segment in flight is handed over at: the first segment that the next owner makes. */
  record BoundarySet(Long msn, Throwable failure) implements Command {}

  /** This process stood still: another owner may have taken over meanwhile. */
  enum Awoken implements Command {
    INSTANCE
  }

  enum Timer implements Command {
    /** It may be tried again to start or to claim. */
    CLAIM,
    /** Nobody has made anything of the name for a while. */
    IDLE,
    /** The relay that may go on has stayed away. */
    RELAY,
    /** The rest of the last session is in, or does not come. */
    TAIL,
    GRACE,
    RETENTION,
    ENDING
  }

  /** What all streams of a node share. */
  public record Dependencies(
      StreamSettings settings,
      StreamEngineFactory engines,
      WorkerSource workers,
      SegmentStore store,
      StreamDirectory directory,
      StreamEdge edge,
      StreamStatuses statuses,
      TranscodeCapacity capacity,
      WaitingBytes waiting,
      MeterRegistry registry,
      NodeIdentity self,
      OwnerGuards guards,
      String statePluginId,
      LongSupplier wallClockMs) {}

  private static final int MAX_STASHED = 1000;

  private StreamActor() {}

  /**
   * @param shard is asked to stop this entity, by {@link Stop}
   */
  static Behavior<Command> create(
      Dependencies deps, String entityId, ActorRef<ClusterSharding.ShardCommand> shard) {
    return Behaviors.setup(
        context -> {
          context.setLoggerName(StreamActor.class);
          return Behaviors.withStash(
              MAX_STASHED,
              stash ->
                  Behaviors.withTimers(
                      timers ->
                          UnownedStream.start(
                              context,
                              timers,
                              stash,
                              () -> new StreamEntity(context, timers, stash, deps, entityId, shard),
                              deps.guards().fenced().barredFor(Slot.streamIdOf(entityId)))));
        });
  }
}
