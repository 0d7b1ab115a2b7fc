package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.NetworkNamespaces;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One cluster on one store, and who is kept out of it. */
@Tag("cluster-faults")
@Timeout(240)
class FormationMultiJvmIT extends OwnClusterTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** For a node that goes on trying. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(16);

  private static final int STRANGER = 4;

  @BeforeAll
  static void startCluster() throws Exception {
    cluster = ClusterFixture.start(Clusters.of(FormationMultiJvmIT.class, 3));
  }

  private static String formation(NodeProcess node) throws IOException, InterruptedException {
    return node.json("/api/v1/cluster").path("formation").asText();
  }

  /** Waits until all living nodes name the same one. */
  private static String formation() {
    return Await.value(
        "all nodes name one formation",
        SOON,
        () -> {
          Set<String> all = new TreeSet<>();
          for (int number : cluster.living()) {
            all.add(formation(cluster.node(number)));
          }
          return all.stream().filter(id -> all.size() == 1 && !id.isEmpty()).findFirst();
        });
  }

  private static void assertKeptOut(NodeOptions node, String... log) {
    assertThatThrownBy(() -> NodeProcess.start(node).close())
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(log);
    cluster.awaitMembers(cluster.size(), SOON);
  }

  private static NodeOptions stranger() {
    return cluster.options(STRANGER);
  }

  @Test
  void shouldFormNoSecondClusterOnOneStore() {
    String formation = formation();
    String self = "127.0.0.4:" + stranger().environment().get("MILLRACE_ARTERY_PORT");
    NodeOptions second =
        stranger().withEnvironment("MILLRACE_SEED_NODES", self).withStartDeadline(LONG_ENOUGH);

    assertKeptOut(
        second,
        "the store belongs to cluster " + formation,
        "no second cluster is formed on one store and key prefix");
    assertThat(formation()).isEqualTo(formation);
  }

  @Test
  void shouldRefuseANodeWithOtherSettings() {
    assertKeptOut(
        stranger().withSetting("millrace.cluster.slots", 64),
        "the cluster has other settings than this node",
        "millrace.cluster.slots = 64");
    assertKeptOut(
        stranger().withSetting("millrace.redis.key-prefix", "other"),
        "the cluster has other settings than this node",
        "millrace.redis.key-prefix = other");
  }

  @Test
  void shouldRefuseANodeWithoutASharedStore() {
    assertKeptOut(
        stranger().withEnvironment("MILLRACE_REDIS_URI", ""),
        "millrace.redis.uri",
        "files serve one node only");
  }

  @Test
  void shouldRefuseANodeWhoseNameIsTaken() {
    assertKeptOut(
        stranger().withEnvironment("MILLRACE_NODE_NAME", "node-2"),
        "is named node-2 too (expected: a millrace.node-name of its own for each node)");
  }

  @Test
  void shouldStayTheSameClusterWhenAllNodesAreRestartedOneByOne() throws Exception {
    String formation = formation();
    for (int number = 1; number <= cluster.size(); number++) {
      cluster.node(number).terminate(SOON);
      cluster.startAgain(number);
      assertThat(formation()).isEqualTo(formation);
    }
  }

  @Test
  void shouldFormANewClusterWhenTheOldOneIsGone() throws Exception {
    String formation = formation();
    cluster.living().forEach(cluster::kill);
    cluster.restore();

    assertThat(formation()).isNotEqualTo(formation);
  }

  @Test
  void shouldFormNoSecondClusterWhenTheFirstSeedNodeIsCutOff() throws Exception {
    Assumptions.assumeTrue(NetworkNamespaces.isPermitted(), "no permission for namespaces");
    try (ClusterFixture apart =
        ClusterFixture.startInNamespaces(Clusters.of(FormationMultiJvmIT.class, 3))) {
      String formation = formation(apart.node(2));
      apart.cut(List.of(1), List.of(2, 3));
      Await.until("node 1 ends by itself", SOON, () -> !apart.node(1).isAlive());

      assertThatThrownBy(
              () -> NodeProcess.start(apart.options(1).withStartDeadline(LONG_ENOUGH)).close())
          .hasMessageContaining("no second cluster is formed on one store and key prefix");

      apart.heal(List.of(1), List.of(2, 3));
      apart.startAgain(1);
      assertThat(formation(apart.node(1))).isEqualTo(formation);
    }
  }
}
