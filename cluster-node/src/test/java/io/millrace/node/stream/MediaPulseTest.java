package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;
import scala.concurrent.ExecutionContextExecutor;

class MediaPulseTest {
  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final ExecutionContextExecutor here = ExecutionContext.fromExecutor(Runnable::run);
  private final MediaPulse pulse = new MediaPulse(kit.scheduler(), here, 1);
  private final List<String> ran = new ArrayList<>();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private MediaPulse.Member member() {
    return pulse.join(() -> {});
  }

  @Test
  void runsWhatWasAskedForTogetherAfterAMoment() {
    member().wake(() -> ran.add("one"));
    member().wake(() -> ran.add("two"));
    assertThat(ran).isEmpty();
    time.timePasses(MediaPulse.GATHER);
    assertThat(ran).containsExactly("one", "two");
  }

  @Test
  void runsWhatIsAskedForMeanwhileWithTheNextWakeUp() {
    MediaPulse.Member member = member();
    member.wake(() -> member.wake(() -> ran.add("again")));
    time.timePasses(MediaPulse.GATHER);
    time.timePasses(MediaPulse.GATHER);
    assertThat(ran).containsExactly("again");
  }

  @Test
  void ticksEveryMemberUntilItLeaves() {
    MediaPulse.Member first = pulse.join(() -> ran.add("first"));
    MediaPulse.Member second = pulse.join(() -> ran.add("second"));
    time.timePasses(MediaPulse.TICK);
    assertThat(ran).containsExactlyInAnyOrder("first", "second");
    first.leave();
    second.leave();
    ran.clear();
    time.timePasses(MediaPulse.TICK.multipliedBy(3));
    assertThat(ran).isEmpty();
  }

  @Test
  void spreadsMembersOverItsLanes() {
    MediaPulse two = new MediaPulse(kit.scheduler(), here, 2);
    two.join(() -> ran.add("first"));
    two.join(() -> ran.add("second"));
    time.timePasses(MediaPulse.TICK.dividedBy(2).plus(Duration.ofMillis(1)));
    assertThat(ran).containsExactly("first");
    time.timePasses(MediaPulse.TICK.dividedBy(2));
    assertThat(ran).contains("second");
  }
}
