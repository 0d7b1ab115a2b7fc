package io.millrace.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.history.AcceptedFrames;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.Recording;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broadcaster that comes back within the grace goes on in the same playlists. */
@Timeout(180)
class PublisherReconnectMultiJvmIT {
  private static final CodedVideo VIDEO = CodedVideo.of(1280, 720, 32).withBFrames(2);

  private static Path acceptLog;
  private static NodeProcess node;

  @BeforeAll
  static void startNode() throws IOException {
    NodeOptions options = Nodes.impatient(PublisherReconnectMultiJvmIT.class, "node");
    acceptLog = options.directory().resolve("accepted.log");
    node = NodeProcess.start(options.withSetting("millrace.relay.test-accept-log", acceptLog));
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @Test
  void shouldContinueWithOneDiscontinuityWhenThePublisherReconnectsCleanly() throws Exception {
    try (LiveRun run = LiveRun.start(node, "clean", VIDEO)) {
      run.awaitSent(13);
      run.recorder.reconnecting(true);
      run.publisher.reconnect();
      run.awaitSent(20);
      run.recorder.reconnecting(false);
      Recording recording = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(2);
      LiveRun.assertWhole(recording, 1);
      run.assertFrameExact(recording);
    }
  }

  @Test
  void shouldContinueWithOneDiscontinuityWhenTheConnectionIsLost() throws Exception {
    try (LiveRun run = LiveRun.start(node, "lost", VIDEO)) {
      run.awaitSent(13);
      run.recorder.reconnecting(true);
      run.publisher.dropAndReconnect();
      run.awaitSent(20);
      run.recorder.reconnecting(false);
      Recording recording = run.finish();

      LiveRun.assertWhole(recording, 1);
      run.assertAcceptedShown(recording, AcceptedFrames.bySession(acceptLog, "lost"));
    }
  }

  @Test
  void shouldEndTheStreamWhenThePublisherStaysAway() throws Exception {
    try (LiveRun run = LiveRun.start(node, "away", VIDEO)) {
      run.awaitSent(9);
      run.publisher.stop();
      node.awaitStreamState("away", "reconnecting", Duration.ofSeconds(5));
      Recording recording = run.awaitEnded();

      LiveRun.assertWhole(recording, 0);
      run.assertFrameExact(recording);
    }
  }
}
