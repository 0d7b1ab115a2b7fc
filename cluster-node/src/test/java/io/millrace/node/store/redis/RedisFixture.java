package io.millrace.node.store.redis;

import com.typesafe.config.ConfigFactory;
import io.millrace.node.cluster.RedisSettings;
import io.millrace.node.store.NodeStores;
import io.millrace.testkit.redis.RedisProbe;
import io.millrace.testkit.redis.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;

/** A Redis and an actor system that knows where it is. */
final class RedisFixture implements AutoCloseable {
  private final RedisServer server;
  private final ActorTestKit testKit;
  private RedisProbe probe;

  private RedisFixture(RedisServer server, ActorTestKit testKit) {
    this.server = server;
    this.testKit = testKit;
    this.probe = server.probe();
  }

  static RedisFixture start(Path directory) {
    RedisServer server = RedisServer.start(directory);
    var own =
        ConfigFactory.parseMap(
            RedisStores.config(
                new RedisSettings(server.uri(), "millrace", Duration.ofMillis(500))));
    var local = ConfigFactory.parseString("pekko.actor.provider = local");
    return new RedisFixture(
        server, ActorTestKit.create(own.withFallback(local).withFallback(ConfigFactory.load())));
  }

  ActorSystem<Void> system() {
    return testKit.system();
  }

  RedisServer server() {
    return server;
  }

  RedisProbe probe() {
    return probe;
  }

  NodeStores stores() {
    return RedisStores.open(system(), Duration.ofMinutes(10), Duration.ofHours(1)).nodeStores();
  }

  void restartEmpty() {
    probe.close();
    server.restartEmpty();
    probe = server.probe();
  }

  @Override
  public void close() {
    probe.close();
    testKit.shutdownTestKit();
    server.close();
  }
}
