package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.edge.NodeHealth;
import io.millrace.node.placement.LoadGossip;
import io.millrace.node.placement.NodeDrain;
import io.millrace.node.relay.RelayGateway;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DrainingTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ActorTestKit testKit = TestKits.local();
  private final TestProbe<RelayGateway.Command> publishers = testKit.createTestProbe();
  private final TestProbe<LoadGossip.Command> gossip = testKit.createTestProbe();
  private final NodeDrain drain = new NodeDrain();
  private final NodeHealth health = new NodeHealth("node");

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  private CompletableFuture<Done> drain(Optional<Duration> limit, boolean others) {
    drain.tells(gossip.getRef());
    return new Draining(
            testKit.system(),
            new Draining.Node(limit, () -> others, drain, health),
            Optional.of(publishers.getRef()))
        .run()
        .toCompletableFuture();
  }

  @Test
  void hasNothingToDoOnASingleNodeAndOnTheLastOneOfACluster() {
    assertThat(drain(Optional.empty(), true)).isCompleted();
    assertThat(drain(Optional.of(LONG), false)).isCompleted();
    assertThat(drain.isOn()).isFalse();
    assertThat(health.notReady()).isEmpty();
  }

  @Test
  void letsPublishersGoOnlyWhenNoStreamIsLeft() {
    CompletableFuture<Done> drained = drain(Optional.of(LONG), true);

    gossip.expectMessage(LoadGossip.SayNow.INSTANCE);
    assertThat(health.notReady()).containsExactly("draining");
    drain.holds(1);
    publishers.expectNoMessage(Duration.ofMillis(200));
    drain.holds(0);
    RelayGateway.LetGo letGo = publishers.expectMessageClass(RelayGateway.LetGo.class);
    assertThat(drained).isNotDone();
    letGo.replyTo().tell(Done.getInstance());
    assertThat(drained.join()).isEqualTo(Done.getInstance());
  }

  @Test
  void endsAtItsLimitWhateverIsLeft() {
    CompletableFuture<Done> drained = drain(Optional.of(Duration.ofMillis(300)), true);
    drain.holds(3);

    assertThat(drained.join()).isEqualTo(Done.getInstance());
  }

  @Test
  void endsAtOnceWhenAllOtherNodesStopToo() {
    CompletableFuture<Done> drained = drain(Optional.of(LONG), true);
    drain.holds(3);
    assertThat(drained).isNotDone();
    drain.othersStopToo();

    assertThat(drained.join()).isEqualTo(Done.getInstance());
  }
}
