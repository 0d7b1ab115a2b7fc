package io.millrace.persistence.redis;

import static io.millrace.persistence.redis.TestSystem.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.Await;
import io.millrace.testkit.redis.RedisOptions;
import io.millrace.testkit.redis.RedisProbe;
import io.millrace.testkit.redis.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every form of address that the settings take, on real servers. */
class RedisTopologiesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void talksToARedisWithAPasswordAndADatabase() throws Exception {
    try (RedisServer redis =
            RedisServer.start(RedisOptions.in(directory).with("requirepass", "s3cret"));
        TestSystem node = new TestSystem(redis.uri() + "/3")) {
      writesAndReads(node);
    }
  }

  @Test
  void failsWithTheReasonWhenThePasswordIsWrong() {
    try (RedisServer redis =
            RedisServer.start(RedisOptions.in(directory).with("requirepass", "s3cret"));
        TestSystem node = new TestSystem("redis://:wrong@127.0.0.1:" + redis.port())) {
      assertThatThrownBy(() -> await(node.states().getObject("a")))
          .hasStackTraceContaining("WRONGPASS");
    }
  }

  @Test
  void talksToARedisCluster() throws Exception {
    try (RedisServer redis =
        RedisServer.start(RedisOptions.in(directory).with("cluster-enabled", "yes"))) {
      try (RedisProbe probe = redis.probe()) {
        takeAllSlots(probe);
      }
      try (TestSystem node = new TestSystem(redis.uri() + "," + redis.uri())) {
        writesAndReads(node);
      }
    }
  }

  private static void takeAllSlots(RedisProbe probe) {
    String[] command = new String[2 + 16384];
    command[0] = "CLUSTER";
    command[1] = "ADDSLOTS";
    for (int slot = 0; slot < 16384; slot++) {
      command[2 + slot] = Integer.toString(slot);
    }
    probe.command(command);
    Await.until(
        "the cluster is up",
        PATIENCE,
        () -> ((String) probe.command("CLUSTER", "INFO")).contains("cluster_state:ok"));
  }

  @Test
  void followsTheMasterThatSentinelNames() throws Exception {
    try (RedisServer master = RedisServer.start(directory.resolve("a"));
        RedisServer replica =
            RedisServer.start(
                RedisOptions.in(directory.resolve("b"))
                    .with("replicaof", "127.0.0.1 " + master.port())
                    .with("repl-diskless-sync-delay", "0"));
        RedisServer sentinel =
            RedisServer.start(
                RedisOptions.sentinel(directory.resolve("s"), "main", master.port()));
        TestSystem node =
            new TestSystem("redis-sentinel://127.0.0.1:" + sentinel.port() + "#main")) {
      DurableStateUpdateStore<Object> states = node.states();
      await(states.upsertObject("a", 1, "one", ""));
      try (RedisProbe probe = sentinel.probe()) {
        Await.until(
            "the sentinel knows the replica",
            PATIENCE,
            () -> !((List<?>) probe.command("SENTINEL", "REPLICAS", "main")).isEmpty());
      }
      try (RedisProbe probe = replica.probe()) {
        Await.until(
            "the replica has caught up",
            PATIENCE,
            () -> "1".equals(probe.hash("pekko:{a}:state").get("revision")));
      }
      master.kill();
      Await.until(
          "a write reaches the new master",
          PATIENCE,
          () -> {
            await(states.upsertObject("a", 2, "two", ""));
            return true;
          });
      try (RedisProbe probe = replica.probe()) {
        assertThat(probe.hash("pekko:{a}:state")).containsEntry("revision", "2");
      }
    }
  }

  @Test
  void talksTls() throws Exception {
    TestCertificate certificate = TestCertificate.create(directory);
    try (RedisServer redis =
            RedisServer.start(
                RedisOptions.in(directory.resolve("a"))
                    .with("tls-port", "0")
                    .with("tls-cert-file", certificate.certificate().toString())
                    .with("tls-key-file", certificate.key().toString())
                    .with("tls-ca-cert-file", certificate.certificate().toString())
                    .with("tls-auth-clients", "no"));
        RedisProbe probe = redis.probe()) {
      int port = freePort();
      probe.command("CONFIG", "SET", "tls-port", Integer.toString(port));
      Map<String, Object> trust =
          Map.of("tls.trust-certificates", certificate.certificate().toString());
      try (TestSystem node = new TestSystem("rediss://localhost:" + port, trust)) {
        writesAndReads(node);
      }
      try (TestSystem node = new TestSystem("rediss://localhost:" + port)) {
        assertThatThrownBy(() -> await(node.states().getObject("a")))
            .hasStackTraceContaining("certification path");
      }
    }
  }

  private static int freePort() throws java.io.IOException {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void writesAndReads(TestSystem node) throws Exception {
    DurableStateUpdateStore<Object> states = node.states();
    await(states.upsertObject("a", 1, "one", ""));
    assertThat(await(states.getObject("a")).value()).contains("one");
    RedisFencedStore fenced = node.fenced();
    await(
        fenced
            .write(new Fence("g", 1))
            .putBlob("b", new byte[] {1, 2}, Duration.ofMinutes(1))
            .putFields("h", Map.of("f", "v"))
            .addMembers("s", List.of("m"))
            .run());
    assertThat(await(fenced.blob("g", "b"))).hasValueSatisfying(b -> assertThat(b).hasSize(2));
    assertThat(await(fenced.hash("g", "h"))).containsEntry("f", "v");
    assertThat(await(fenced.members("g", "s"))).containsExactly("m");
    assertThat(await(fenced.hold("lease", "me", Duration.ofMinutes(1)))).isEqualTo("me");
    assertThat(await(fenced.hold("lease", "other", Duration.ofMinutes(1)))).isEqualTo("me");
    await(fenced.release("lease", "me"));
    assertThat(await(fenced.hold("lease", "other", Duration.ofMinutes(1)))).isEqualTo("other");
    assertThat(await(fenced.putIfAbsent("once", "first"))).isEqualTo("first");
    assertThat(await(fenced.putIfAbsent("once", "second"))).isEqualTo("first");
  }
}
