package io.millrace.node.stream;

import io.millrace.http.UnavailableException;
import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.edge.FollowPort;
import io.millrace.node.edge.FollowRequest;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.placement.NodeLoads;
import io.millrace.node.placement.Placement;
import io.millrace.node.placement.Slot;
import io.millrace.node.placement.SlotAllocationStrategy;
import io.millrace.node.placement.SlotMessageExtractor;
import io.millrace.node.placement.StreamDirectory;
import io.millrace.node.relay.LeasePort;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.relay.LeaseRequest;
import io.millrace.node.relay.PublisherActor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;

/** The way to the streams' entities: directory first, then sharding. Thread-safe. */
public final class StreamSharding implements LeasePort, FollowPort {
  private static final Duration KICK_TIMEOUT = Duration.ofSeconds(5);

  private final ActorSystem<?> system;
  private final ActorRef<ShardingEnvelope<StreamActor.Command>> region;
  private final StreamDirectory directory;
  private final Placement placement;
  private volatile boolean stopping;

  private StreamSharding(
      ActorSystem<?> system,
      ActorRef<ShardingEnvelope<StreamActor.Command>> region,
      StreamDirectory directory,
      Placement placement) {
    this.system = system;
    this.region = region;
    this.directory = directory;
    this.placement = placement;
  }

  /**
   * Starts the entity type on this node; entities live on nodes with the role origin.
   *
   * @param slots of the whole cluster
   */
  public static StreamSharding init(
      ActorSystem<?> system,
      StreamActor.Dependencies dependencies,
      Placement placement,
      NodeLoads loads,
      int slots) {
    ActorRef<ShardingEnvelope<StreamActor.Command>> region =
        ClusterSharding.get(system)
            .init(
                Entity.of(
                        StreamActor.ENTITY_TYPE_KEY,
                        context ->
                            Slot.isProbe(context.getEntityId())
                                ? Behaviors.stopped()
                                : StreamActor.create(
                                    dependencies, context.getEntityId(), context.getShard()))
                    .withRole(ClusterSettings.Role.ORIGIN.label())
                    .withStopMessage(new StreamActor.Stop())
                    .withAllocationStrategy(
                        SlotAllocationStrategy.create(system.classicSystem(), loads, slots))
                    .withMessageExtractor(new SlotMessageExtractor<>()));
    return new StreamSharding(system, region, dependencies.directory(), placement);
  }

  @Override
  public void request(
      LeaseRequest request,
      ActorRef<PublisherActor.Command> publisher,
      ActorRef<LeaseReply> replyTo) {
    String streamId = request.streamId();
    directory
        .get(streamId)
        .thenCompose(
            known ->
                known.isPresent()
                    ? CompletableFuture.completedFuture(known.get())
                    : directory.putIfAbsent(placed(streamId)))
        .whenComplete(
            (entry, error) -> {
              if (error != null) {
                replyTo.tell(
                    new LeaseReply.Rejected(
                        request.requestId(),
                        PublishAnswer.Reason.UNAVAILABLE,
                        "The stream directory is unavailable."));
              } else {
                tell(entry, new StreamActor.StartPublish(request, publisher, replyTo));
              }
            });
  }

  private DirectoryEntry placed(String streamId) {
    int slot = placement.choose(streamId).number();
    return new DirectoryEntry(streamId, slot, DirectoryEntry.STARTING, "", 0, 0);
  }

  /**
   * This node's part of sharding ends. It waits for every message that has nowhere to go, so from
   * now on nothing is woken or probed from here.
   */
  public void stopping() {
    stopping = true;
  }

  /** Gives the slot a home; no stream hears of it. */
  public void probe(Slot slot) {
    if (!stopping) {
      region.tell(new ShardingEnvelope<>(slot.probeId(), new StreamActor.Wake()));
    }
  }

  @Override
  public CompletionStage<Optional<DirectoryEntry>> follow(String streamId, FollowRequest request) {
    return directory
        .get(streamId)
        .thenApply(
            entry -> {
              entry.ifPresent(e -> follow(e, request));
              return entry;
            });
  }

  @Override
  public void follow(DirectoryEntry known, FollowRequest request) {
    tell(known, new StreamActor.Follow(request));
  }

  /** Brings the stream's entity to life if it is not. */
  public void wake(DirectoryEntry entry) {
    if (!stopping) {
      tell(entry, new StreamActor.Wake());
    }
  }

  /**
   * Ends a stream; false when there is none. Fails with {@link UnavailableException} when the store
   * or the owner does not answer.
   */
  public CompletionStage<Boolean> kick(String streamId) {
    return directory
        .get(streamId)
        .thenCompose(
            entry -> entry.isEmpty() ? CompletableFuture.completedFuture(false) : kick(entry.get()))
        .exceptionally(
            failure -> {
              throw new UnavailableException("end of stream " + streamId, failure);
            });
  }

  private CompletionStage<Boolean> kick(DirectoryEntry entry) {
    CompletionStage<StreamActor.KickReply> reply =
        AskPattern.ask(
            region,
            replyTo -> envelope(entry, new StreamActor.Kick(replyTo)),
            KICK_TIMEOUT,
            system.scheduler());
    return reply.thenApply(StreamActor.KickReply::kicked);
  }

  private void tell(DirectoryEntry entry, StreamActor.Command command) {
    region.tell(envelope(entry, command));
  }

  private static ShardingEnvelope<StreamActor.Command> envelope(
      DirectoryEntry entry, StreamActor.Command command) {
    return new ShardingEnvelope<>(new Slot(entry.slot()).entityId(entry.streamId()), command);
  }
}
