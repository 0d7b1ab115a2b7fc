package io.millrace.persistence.redis;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.testkit.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** One Redis for Pekko's own test kits, which know no fixtures; it ends with this JVM. */
final class TckRedis {
  private static RedisServer server;

  private TckRedis() {}

  static synchronized Config config() {
    if (server == null) {
      try {
        Path target = Files.createDirectories(Path.of("target"));
        server = RedisServer.start(Files.createTempDirectory(target, "redis-tck"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return ConfigFactory.parseMap(
            Map.of(
                "redis-persistence.connection.uri", server.uri(),
                "redis-persistence.journal.replay-page", 2,
                "pekko.persistence.journal.plugin", "redis-persistence.journal",
                "pekko.persistence.snapshot-store.plugin", "redis-persistence.snapshot",
                "pekko.loglevel", "WARNING"))
        .withFallback(ConfigFactory.load());
  }
}
