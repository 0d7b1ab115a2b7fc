package io.millrace.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.TestKits;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One store, one cluster; one name, one node. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class FormationTest {
  private static final String OTHER = "10.0.0.9:25520#1";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ActorTestKit node = TestKits.clustered();
  private final MemoryRegister register = new MemoryRegister();
  private final Formation formation = new Formation();
  private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
  private final TestProbe<Done> probe = node.createTestProbe();

  @AfterEach
  void stop() {
    node.shutdownTestKit();
  }

  private String self() {
    Address self = Cluster.get(node.system()).selfMember().address();
    return self.getHost().get() + ":" + self.getPort().get();
  }

  private ActorRef<NodeRegistration.Command> join() {
    return node.spawn(
        NodeRegistration.create(
            register,
            "one",
            formation,
            ClusterJoin.create(register, formation, List.of(self())),
            refusals::add));
  }

  private boolean isUp() {
    return Cluster.get(node.system()).selfMember().status().equals(MemberStatus.up());
  }

  private void await(Runnable assertion) {
    probe.awaitAssert(
        PATIENCE,
        () -> {
          assertion.run();
          return null;
        });
  }

  @Test
  void formsAClusterAndTakesTheStoreThatBelongsToNobody() {
    join();

    await(() -> assertThat(isUp()).isTrue());
    assertThat(register.holder).startsWith(self());
    assertThat(formation.id()).contains(register.holder);
  }

  @Test
  void formsNoneWhileAnotherLivesOnTheStore() {
    register.holder = OTHER;
    join();
    await(() -> assertThat(register.looks).hasValueGreaterThan(3));
    assertThat(isUp()).isFalse();

    register.holder = null;
    await(() -> assertThat(isUp()).isTrue());
  }

  @Test
  void waitsForAStoreThatDoesNotAnswer() {
    register.away = true;
    join();
    await(() -> assertThat(register.looks).hasValueGreaterThan(2));
    assertThat(isUp()).isFalse();

    register.away = false;
    await(() -> assertThat(isUp()).isTrue());
  }

  @Test
  void keeperGoesOnUnderTheIdThatItFindsAndTheLastNodeFreesTheStore() {
    join();
    await(() -> assertThat(isUp()).isTrue());
    String formed = register.holder;
    ActorRef<FormationKeeper.Command> keeper = node.spawn(FormationKeeper.create(register));
    int before = register.beats.get();
    await(() -> assertThat(register.beats).hasValueGreaterThan(before + 1));
    assertThat(register.holder).isEqualTo(formed);

    node.stop(keeper);
    await(() -> assertThat(register.holder).isNull());
  }

  @Test
  void refusesToJoinUnderANameThatAnotherNodeKeeps() {
    register.names.put("one", "10.0.0.9:25520");
    join();

    await(() -> assertThat(refusals).isNotEmpty());
    assertThat(refusals)
        .containsExactly(
            "the node at 10.0.0.9:25520 is named one too (expected: a millrace.node-name of its own"
                + " for each node)");
    assertThat(register.looks).hasValue(0);
  }

  @Test
  void joinsOnceTheNameIsFreeAndFreesItWhenItLeaves() {
    register.names.put("one", "10.0.0.9:25520");
    ActorRef<NodeRegistration.Command> registration = join();
    await(() -> assertThat(register.nameBeats).hasValueGreaterThan(1));

    register.names.clear();
    await(() -> assertThat(isUp()).isTrue());
    assertThat(register.names).containsEntry("one", self());
    assertThat(refusals).isEmpty();

    registration.tell(new NodeRegistration.Leave(probe.getRef()));
    probe.expectMessage(Done.getInstance());
    assertThat(register.names).isEmpty();
  }
}
