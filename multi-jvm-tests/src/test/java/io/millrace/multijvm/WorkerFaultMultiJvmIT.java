package io.millrace.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.Recording;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.process.Signal;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker that dies or hangs costs no frame of any stream. */
@Timeout(180)
class WorkerFaultMultiJvmIT {
  private static final CodedVideo VIDEO = CodedVideo.of(1280, 720, 28).withBFrames(2);
  private static final CodedVideo OTHER = CodedVideo.of(854, 480, 28);

  private NodeProcess node;

  @BeforeEach
  void startNode() throws IOException {
    node = NodeProcess.start(Nodes.impatient(WorkerFaultMultiJvmIT.class, "node"));
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"KILL", "STOP"})
  void shouldShowEveryFrameWhenTheWorkerGets(Signal signal) throws Exception {
    try (LiveRun hit = LiveRun.start(node, "hit", VIDEO);
        LiveRun other = LiveRun.start(node, "other", OTHER)) {
      hit.awaitSent(14.5);
      ProcessHandle worker = LiveRun.oldestWorker(node);
      signal.send(worker.pid());
      Recording hitRecording = hit.finish();
      Recording otherRecording = other.finish();

      assertThat(worker.isAlive()).isFalse();
      LiveRun.assertWhole(hitRecording, 0);
      hit.assertFrameExact(hitRecording);
      LiveRun.assertWhole(otherRecording, 0);
      other.assertFrameExact(otherRecording);
    }
  }
}
