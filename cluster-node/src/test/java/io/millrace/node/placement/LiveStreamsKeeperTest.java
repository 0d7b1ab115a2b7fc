package io.millrace.node.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.CommandSamples;
import io.millrace.node.store.FileStreamDirectory;
import io.millrace.node.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveStreamsKeeperTest {
  private static final DirectoryEntry CAM = new DirectoryEntry("cam", 7, "LIVE", "node", 1, 5);

  @TempDir Path data;

  private final List<DirectoryEntry> woken = new ArrayList<>();
  private boolean majority = true;
  private boolean ownerLives;

  private BehaviorTestKit<LiveStreamsKeeper.Command> keeper() throws IOException {
    FileStreamDirectory directory =
        FileStreamDirectory.open(new StoreSettings(data, false), Runnable::run);
    directory.putIfAbsent(CAM).toCompletableFuture().join();
    return BehaviorTestKit.create(
        LiveStreamsKeeper.create(
            new LiveStreamsKeeper.Ports(directory, () -> majority, e -> ownerLives, woken::add),
            Duration.ofSeconds(5)));
  }

  @Test
  void wakesStreamsWhoseOwnerHasGone() throws IOException {
    BehaviorTestKit<LiveStreamsKeeper.Command> keeper = keeper();
    CommandSamples.of(LiveStreamsKeeper.Command.class, List.of(CAM)).forEach(keeper::run);
    assertThat(woken).containsExactly(CAM);
  }

  @Test
  void leavesStreamsOfLivingOwnersAloneInMostRounds() throws IOException {
    ownerLives = true;
    BehaviorTestKit<LiveStreamsKeeper.Command> keeper = keeper();
    CommandSamples.of(LiveStreamsKeeper.Command.class, List.of(CAM)).forEach(keeper::run);
    assertThat(woken).isEmpty();
  }

  @Test
  void handlesEveryCommand() throws IOException {
    for (LiveStreamsKeeper.Command command :
        CommandSamples.of(LiveStreamsKeeper.Command.class, List.of(CAM))) {
      CommandSamples.assertHandled(keeper(), command);
    }
  }
}
