package io.millrace.node.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.ingest.PublishGateway;
import io.millrace.node.ingest.PublishRequest;
import io.millrace.node.ingest.PublisherControl;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The ingest's gateway: one {@link PublisherActor} per publish, children of one actor. */
public final class RelayGateway implements PublishGateway {

  /** All relays together hold this part of the heap at most before they go to disk. */
  private static final int HEAP_SHARE = 4;

  /** What the parent of all publishers is told. */
  public sealed interface Command {}

  private record Publish(
      PublishRequest request, PublisherControl control, CompletableFuture<PublishAnswer> answer)
      implements Command {}

  /**
   * Lets the publishers of this node go, one at a time, each when some of its media was just
   * acknowledged, and takes no new ones.
   *
   * @param replyTo is told when none is left
   */
  public record LetGo(ActorRef<Done> replyTo) implements Command {}

  record Left() implements Command {}

  private final ActorRef<Command> parent;

  public RelayGateway(ActorRef<Command> parent) {
    this.parent = parent;
  }

  /** The parent actor. A publisher that fails takes nothing else with it. */
  public static Behavior<Command> create(
      RelaySettings settings, LeasePort leases, RelayConnector connector, MeterRegistry registry) {
    return Behaviors.setup(
        context -> {
          RelaySpill spill =
              new RelaySpill(
                  settings.diskDirectory(),
                  settings.diskBytes(),
                  Runtime.getRuntime().maxMemory() / HEAP_SHARE);
          RelayNode node =
              new RelayNode(
                  new RelayCounters(registry, spill),
                  spill,
                  AcceptLog.open(settings.testAcceptLog()));
          PublisherActor.Dependencies dependencies =
              new PublisherActor.Dependencies(settings, leases, connector, node);
          Departures departures = new Departures(context);
          return Behaviors.receive(Command.class)
              .onMessage(
                  Publish.class,
                  p ->
                      departures.haveBegun()
                          ? onLatePublish(p)
                          : onPublish(context, dependencies, p))
              .onMessage(LetGo.class, letGo -> onLetGo(departures, letGo))
              .onMessage(Left.class, left -> onLeft(departures))
              .onSignal(PostStop.class, stop -> onPostStop(spill))
              .build();
        });
  }

  private static Behavior<Command> onPostStop(RelaySpill spill) {
    spill.close();
    return Behaviors.same();
  }

  private static Behavior<Command> onPublish(
      ActorContext<Command> context, PublisherActor.Dependencies dependencies, Publish publish) {
    context.spawnAnonymous(
        PublisherActor.create(
            dependencies, publish.request(), publish.control(), publish.answer()));
    return Behaviors.same();
  }

  private static Behavior<Command> onLetGo(Departures departures, LetGo letGo) {
    departures.begin(letGo.replyTo());
    return Behaviors.same();
  }

  private static Behavior<Command> onLeft(Departures departures) {
    departures.next();
    return Behaviors.same();
  }

  private static Behavior<Command> onLatePublish(Publish publish) {
    publish
        .answer()
        .complete(
            new PublishAnswer.Rejected(
                PublishAnswer.Reason.UNAVAILABLE, "The node is stopping, try another one."));
    return Behaviors.same();
  }

  @Override
  public CompletionStage<PublishAnswer> publish(PublishRequest request, PublisherControl control) {
    CompletableFuture<PublishAnswer> answer = new CompletableFuture<>();
    parent.tell(new Publish(request, control, answer));
    return answer;
  }
}
