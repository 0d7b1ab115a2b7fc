package io.millrace.testkit.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import redis.embedded.core.ExecutableProvider;

/**
 * Where the redis-server program is: the system property {@code redis.server} or the environment
 * variable {@code REDIS_SERVER} when set, else the one of the embedded-redis library (6.2),
 * unpacked once per JVM.
 */
final class RedisExecutable {
  private static Path unpacked;

  private RedisExecutable() {}

  static Path find() throws IOException {
    Optional<String> given =
        Optional.ofNullable(System.getProperty("redis.server", System.getenv("REDIS_SERVER")));
    if (given.isPresent()) {
      Path program = Path.of(given.get());
      if (!Files.isExecutable(program)) {
        throw new IOException("redis.server: " + program + " (expected: an executable file)");
      }
      return program;
    }
    return unpack();
  }

  private static synchronized Path unpack() throws IOException {
    if (unpacked == null || !Files.isExecutable(unpacked)) {
      unpacked = ExecutableProvider.newJarResourceProvider().get().toPath();
    }
    return unpacked;
  }
}
