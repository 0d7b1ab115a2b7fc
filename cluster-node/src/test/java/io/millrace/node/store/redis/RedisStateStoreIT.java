package io.millrace.node.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.millrace.node.store.DurableStateContract;
import io.millrace.persistence.redis.RedisStaleRevisionException;
import io.millrace.persistence.redis.RedisStateStore;
import io.millrace.testkit.redis.RedisProbe;
import java.nio.file.Path;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of durable state, on a real Redis. */
class RedisStateStoreIT extends DurableStateContract {
  private static RedisFixture redis;

  @BeforeAll
  static void start(@TempDir Path directory) {
    redis = RedisFixture.start(directory);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @AfterEach
  void empty() {
    redis.probe().command("FLUSHALL");
  }

  @Override
  protected DurableStateUpdateStore<Object> writer() {
    var config = ConfigFactory.parseString("connection = millrace-runtime.redis");
    var system = (ExtendedActorSystem) redis.system().classicSystem();
    return (DurableStateUpdateStore<Object>)
        new RedisStateStore(system, config, "test").javadslDurableStateStore();
  }

  @Override
  protected void loseEverything() {
    redis.probe().command("FLUSHALL");
  }

  @Override
  protected void keepCopy(String persistenceId) {
    redis.probe().command("COPY", key(persistenceId), "copy:" + persistenceId, "REPLACE");
  }

  @Override
  protected void bringBackCopy(String persistenceId) {
    redis.probe().command("COPY", "copy:" + persistenceId, key(persistenceId), "REPLACE");
  }

  @Override
  protected Class<? extends Throwable> stale() {
    return RedisStaleRevisionException.class;
  }

  @Test
  void keepsOneKeyPerStreamThatPeopleCanRead() throws Exception {
    await(writer().upsertObject("m", 1, "one", "tagged"));
    RedisProbe probe = redis.probe();
    assertThat(probe.keys("*")).containsExactly(key("m"));
    assertThat(probe.hash(key("m"))).containsEntry("revision", "1").containsEntry("tag", "tagged");
  }

  private static String key(String persistenceId) {
    return "millrace:{" + persistenceId + "}:state";
  }
}
