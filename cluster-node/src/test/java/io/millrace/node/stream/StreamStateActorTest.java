package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.TestKits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamStateActorTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final StreamState STATE = StreamState.none("cam").claimed("node").live(1, 1000);

  @TempDir Path data;

  private ActorTestKit testKit;
  private TestProbe<StreamStateActor.Event> parent;

  @BeforeEach
  void start() {
    testKit = TestKits.manualTime(data);
    parent = testKit.createTestProbe();
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  private ActorRef<StreamStateActor.Command> spawn() {
    return testKit.spawn(
        StreamStateActor.create("cam", "millrace-runtime.file-state-store", parent.getRef()));
  }

  private StreamState recovered() {
    return parent.expectMessageClass(StreamStateActor.Recovered.class, SOON).state();
  }

  @Test
  void savesReadsAndForgets() {
    ActorRef<StreamStateActor.Command> first = spawn();
    assertThat(recovered().exists()).isFalse();
    first.tell(new StreamStateActor.Save(7, STATE));
    assertThat(parent.receiveMessage(SOON)).isEqualTo(new StreamStateActor.Saved(7));
    first.tell(StreamStateActor.Check.INSTANCE);
    assertThat(parent.receiveMessage(SOON)).isEqualTo(new StreamStateActor.Checked(STATE, null));
    testKit.stop(first);

    ActorRef<StreamStateActor.Command> second = spawn();
    assertThat(recovered()).isEqualTo(STATE);
    second.tell(StreamStateActor.Delete.INSTANCE);
    assertThat(parent.receiveMessage(SOON)).isEqualTo(new StreamStateActor.Deleted(null));
    testKit.stop(second);

    spawn();
    StreamState forgotten = recovered();
    assertThat(forgotten.exists()).isFalse();
    assertThat(forgotten.claimed("n2").epoch()).as("an epoch never used").isGreaterThan(2);
  }

  /** The answers of the store pass through the actor, so all of them are seen above. */
  @Test
  void hasNoCommandThatIsNotTestedHere() {
    List<String> commands =
        Arrays.stream(StreamStateActor.Command.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .toList();
    assertThat(commands)
        .containsExactlyInAnyOrder("Save", "Check", "CheckDone", "Delete", "DeleteDone");
  }

  @Test
  void stopsWhenAnotherOwnerWrites() {
    ActorRef<StreamStateActor.Command> old = spawn();
    recovered();
    ActorRef<StreamStateActor.Command> next = spawn();
    recovered();
    next.tell(new StreamStateActor.Save(1, STATE));
    assertThat(parent.receiveMessage(SOON)).isEqualTo(new StreamStateActor.Saved(1));
    next.tell(new StreamStateActor.Save(2, STATE.ended(5)));
    assertThat(parent.receiveMessage(SOON)).isEqualTo(new StreamStateActor.Saved(2));
    old.tell(new StreamStateActor.Save(1, STATE));
    TestProbe<Void> watcher = testKit.createTestProbe();
    watcher.expectTerminated(old, SOON);
  }
}
