package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.history.StreamHistory;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.process.Signal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams that are transcoded, with one small rung: it continues as exactly as the source. */
@Tag("cluster-faults")
@Tag("long-faults")
@Timeout(300)
class ClusterLadderMultiJvmIT extends OwnClusterTest {
  private static final int INGEST = 2;

  @BeforeAll
  static void startCluster() throws Exception {
    ClusterOptions options = Clusters.of(ClusterLadderMultiJvmIT.class, 3);
    cluster = ClusterFixture.start(Clusters.withRung(options));
  }

  @Test
  void shouldShowEveryFrameOfEachRenditionWhenTheOwnerIsKilled() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "ladder-owner", INGEST)) {
      int owner = run.owner();
      run.awaitRandomMoment();
      run.kill(owner);
      run.awaitOtherOwner(owner);
      run.awaitMoreSegments(4);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      assertThat(history.best().video()).hasSize(2);
      run.verify(history, 0, 2);
    }
  }

  @Test
  void shouldShowEveryFrameOfEachRenditionWhenTheWorkerIsKilled() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "ladder-worker", INGEST)) {
      NodeProcess owner = cluster.node(run.owner());
      run.awaitRandomMoment();
      Signal.KILL.send(owner.workers().get(0).pid());
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      assertThat(history.best().video()).hasSize(2);
      run.verify(history, 0, 1);
    }
  }
}
