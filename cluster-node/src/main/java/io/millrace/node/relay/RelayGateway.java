package io.millrace.node.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.ingest.PublishGateway;
import io.millrace.node.ingest.PublishRequest;
import io.millrace.node.ingest.PublisherControl;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The ingest's gateway: one {@link PublisherActor} per publish, children of one actor. */
public final class RelayGateway implements PublishGateway {

  /** What the parent of all publishers is told. */
  public sealed interface Command {}

  private record Publish(
      PublishRequest request, PublisherControl control, CompletableFuture<PublishAnswer> answer)
      implements Command {}

  private final ActorRef<Command> parent;

  public RelayGateway(ActorRef<Command> parent) {
    this.parent = parent;
  }

  /** The parent actor. A publisher that fails takes nothing else with it. */
  public static Behavior<Command> create(
      RelaySettings settings, LeasePort leases, RelayConnector connector, MeterRegistry registry) {
    PublisherActor.Dependencies dependencies =
        new PublisherActor.Dependencies(
            settings,
            leases,
            connector,
            new RelayCounters(registry),
            AcceptLog.open(settings.testAcceptLog()));
    return Behaviors.setup(
        context ->
            Behaviors.receive(Command.class)
                .onMessage(Publish.class, p -> onPublish(context, dependencies, p))
                .build());
  }

  private static Behavior<Command> onPublish(
      ActorContext<Command> context, PublisherActor.Dependencies dependencies, Publish publish) {
    context.spawnAnonymous(
        PublisherActor.create(
            dependencies, publish.request(), publish.control(), publish.answer()));
    return Behaviors.same();
  }

  @Override
  public CompletionStage<PublishAnswer> publish(PublishRequest request, PublisherControl control) {
    CompletableFuture<PublishAnswer> answer = new CompletableFuture<>();
    parent.tell(new Publish(request, control, answer));
    return answer;
  }
}
