package io.millrace.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisServerTest {
  @TempDir Path directory;

  @Test
  void keepsItsDataWhenStoppedAndStartedAgain() {
    try (RedisServer server = RedisServer.start(directory)) {
      set(server, "kept");
      server.stop();
      server.restart();
      assertThat(get(server)).isEqualTo("kept");
    }
  }

  @Test
  void comesBackEmptyOnTheSamePort() {
    try (RedisServer server = RedisServer.start(directory)) {
      int port = server.port();
      set(server, "lost");
      server.restartEmpty();
      assertThat(get(server)).isNull();
      assertThat(server.port()).isEqualTo(port);
    }
  }

  @Test
  void asksForItsPassword() {
    try (RedisServer server =
        RedisServer.start(RedisOptions.in(directory).with("requirepass", "s3cret"))) {
      set(server, "x");
      assertThat(server.uri()).isEqualTo("redis://:s3cret@127.0.0.1:" + server.port());
    }
  }

  private static void set(RedisServer server, String value) {
    try (RedisProbe probe = server.probe()) {
      assertThat(probe.command("SET", "k", value)).isEqualTo("OK");
    }
  }

  private static Object get(RedisServer server) {
    try (RedisProbe probe = server.probe()) {
      return probe.command("GET", "k");
    }
  }
}
