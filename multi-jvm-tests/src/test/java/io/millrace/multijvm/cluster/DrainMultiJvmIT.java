package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.history.StreamHistory;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that are stopped as an operator stops them, under a live stream. */
@Tag("cluster-faults")
@Tag("long-faults")
@Timeout(300)
class DrainMultiJvmIT extends SharedClusterTest {
  private static final Duration DRAIN = Duration.ofSeconds(60);
  private static final int INGEST = 2;

  @Test
  void shouldReconnectThePublisherOnceWhenItsNodeIsDrained() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "ingest-drained", INGEST)) {
      run.publishTo(cluster.livingWithout(INGEST).get(0));
      run.recorder.reconnecting(true);
      run.terminate(INGEST, DRAIN);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(2);
      run.verify(history, 1, 1, ClusterRun.UNRELAYED);
    }
  }

  @Test
  void shouldNoticeNothingWhenANodeThatOnlyServesViewersIsDrained() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "bystander-drained", INGEST)) {
      int bystander = cluster.livingWithout(INGEST, run.owner()).get(0);
      run.terminate(bystander, DRAIN);
      run.awaitMoreSegments(3);
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(1);
      run.verify(history, 0, 1);
    }
  }

  @Test
  void shouldReconnectThePublisherOnceWhenAllNodesAreRestartedOneByOne() throws Exception {
    try (ClusterRun run = ClusterRun.start(cluster, "rolling", INGEST)) {
      for (int node = 1; node <= cluster.size(); node++) {
        if (node == run.ingest()) {
          run.recorder.reconnecting(true);
          run.publishTo(1);
        }
        run.terminate(node, DRAIN);
        cluster.startAgain(node);
        run.back(node);
        run.awaitMoreSegments(2);
      }
      StreamHistory history = run.finish();

      assertThat(run.publisher.sessions()).isEqualTo(2);
      run.verify(history, 1, 0, ClusterRun.UNRELAYED);
    }
  }
}
