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
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What durable state keeps when Redis or the way to it fails. */
class RedisFaultsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private RedisServer redis;
  private TcpProxy proxy;
  private TestSystem node;
  private DurableStateUpdateStore<Object> states;

  @BeforeEach
  void start() {
    redis = RedisServer.start(directory.resolve("a"));
    proxy = new TcpProxy(redis.port());
    node = new TestSystem(proxy.uri());
    states = node.states();
  }

  @AfterEach
  void stop() {
    node.close();
    proxy.close();
    redis.close();
  }

  @Test
  void makesAWriteOnceWhoseAnswerWasLost() throws Exception {
    await(states.upsertObject("a", 1, "one", ""));
    proxy.loseNextAnswer();
    await(states.upsertObject("a", 2, "two", ""));
    assertThat(node.counters().repeatedWrites()).isEqualTo(1);
    assertThat(await(states.getObject("a")).revision()).isEqualTo(2);
    await(states.upsertObject("a", 3, "three", ""));
    assertThat(node.counters().rolledBackRecords()).isZero();
  }

  @Test
  void goesOnWhenRedisWasKilledAndCameBackWithItsData() throws Exception {
    await(states.upsertObject("a", 1, "one", ""));
    redis.kill();
    assertThatThrownBy(() -> await(states.upsertObject("a", 2, "two", "")))
        .hasCauseInstanceOf(Exception.class);
    redis.restart();
    eventually("a", 2, "two");
    assertThat(node.counters().rolledBackRecords()).isZero();
    assertThat(node.counters().fencedWrites()).isZero();
  }

  @Test
  void writesTheWholeStateAgainAndTellsWhenRedisCameBackEmpty() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    RedisPersistence.get(node.system()).onRolledBack(told::add);
    await(states.upsertObject("a", 1, "one", ""));
    await(states.upsertObject("a", 2, "two", ""));
    redis.restartEmpty();
    eventually("a", 3, "three");
    assertThat(node.counters().rolledBackRecords()).isEqualTo(1);
    assertThat(told).containsExactly("a");
  }

  @Test
  void failsInTimeWhileRedisHangsAndGoesOnAfterwards() throws Exception {
    await(states.upsertObject("a", 1, "one", ""));
    redis.pause();
    long start = System.nanoTime();
    assertThatThrownBy(() -> await(states.upsertObject("a", 2, "two", "")))
        .hasCauseInstanceOf(Exception.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    redis.resume();
    eventually("a", 2, "two");
    assertThat(node.counters().fencedWrites()).isZero();
  }

  @Test
  void writesAgainOverAnOlderReplicaThatWasPromoted() throws Exception {
    await(states.upsertObject("a", 1, "one", ""));
    try (RedisServer replica = promotedReplica("pekko:{a}:state", "1")) {
      await(states.upsertObject("a", 2, "two", ""));
      await(states.upsertObject("a", 3, "three", ""));
      failOverTo(replica);
      eventually("a", 4, "four");
      assertThat(node.counters().rolledBackRecords()).isEqualTo(1);
    }
  }

  @Test
  void isFencedWhenAnotherWriterClaimedOnThePromotedReplica() throws Exception {
    await(states.upsertObject("a", 1, "one", ""));
    try (RedisServer replica = promotedReplica("pekko:{a}:state", "1");
        TestSystem other = new TestSystem(replica.uri())) {
      await(states.upsertObject("a", 2, "two", ""));
      DurableStateUpdateStore<Object> next = other.states();
      assertThat(await(next.getObject("a")).revision()).isEqualTo(1);
      await(next.upsertObject("a", 2, "next", ""));
      failOverTo(replica);
      Await.until(
          "the old writer is fenced",
          PATIENCE,
          () -> {
            try {
              await(states.upsertObject("a", 3, "stale", ""));
              return false;
            } catch (java.util.concurrent.ExecutionException e) {
              return e.getCause() instanceof RedisFencedException;
            }
          });
      assertThat(await(next.getObject("a")).value()).contains("next");
    }
  }

  @Test
  void refusesAWriteOfALowerEpochAsAWhole() throws Exception {
    await(node.fenced().write(new Fence("g", 5)).putFields("h", java.util.Map.of("f", "5")).run());
    assertThatThrownBy(
            () ->
                await(
                    node.fenced()
                        .write(new Fence("g", 4))
                        .putFields("h", java.util.Map.of("f", "4"))
                        .addMembers("s", List.of("x"))
                        .run()))
        .hasCauseInstanceOf(RedisFencedException.class);
    assertThat(await(node.fenced().hash("g", "h"))).containsEntry("f", "5");
    assertThat(await(node.fenced().members("g", "s"))).isEmpty();
  }

  private void eventually(String id, long revision, Object value) {
    Await.until(
        "revision " + revision + " is written",
        PATIENCE,
        () -> {
          await(states.upsertObject(id, revision, value, ""));
          return true;
        });
  }

  /** A replica that has this revision and knows nothing of what comes. */
  private RedisServer promotedReplica(String key, String revision) {
    RedisServer replica =
        RedisServer.start(
            RedisOptions.in(directory.resolve("b"))
                .with("replicaof", "127.0.0.1 " + redis.port())
                .with("repl-diskless-sync-delay", "0"));
    try (RedisProbe probe = replica.probe()) {
      Await.until(
          "the replica has caught up",
          PATIENCE,
          () -> revision.equals(probe.hash(key).get("revision")));
      probe.command("REPLICAOF", "NO", "ONE");
    }
    return replica;
  }

  private void failOverTo(RedisServer replica) {
    redis.kill();
    proxy.leadTo(replica.port());
  }
}
