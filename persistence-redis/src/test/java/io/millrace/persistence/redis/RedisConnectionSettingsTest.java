package io.millrace.persistence.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisConnectionSettingsTest {
  private static RedisConnectionSettings of(String own) {
    Config config =
        ConfigFactory.parseString("own { " + own + " }").withFallback(ConfigFactory.load());
    return RedisConnectionSettings.of(config, "own");
  }

  @Test
  void takesWhatASectionDoesNotSayFromTheDefaults() {
    RedisConnectionSettings settings = of("key-prefix = mine");
    assertThat(settings.keyPrefix()).isEqualTo("mine");
    assertThat(settings.uri()).isEqualTo("redis://127.0.0.1:6379");
    assertThat(settings.commandTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.retries()).isEqualTo(2);
    assertThat(settings.isCluster()).isFalse();
  }

  @Test
  void readsEveryKey() {
    assertThat(
            of(
                """
                uri = "redis://a:1,redis://b:2"
                key-prefix = p
                command-timeout = 3s
                connect-timeout = 4s
                retries = 5
                retry-delay = 6ms
                max-pending = 7
                tls.trust-certificates = ca.pem
                tls.verify-host = false
                """))
        .isEqualTo(
            new RedisConnectionSettings(
                "redis://a:1,redis://b:2",
                "p",
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                5,
                Duration.ofMillis(6),
                7,
                "ca.pem",
                false))
        .matches(RedisConnectionSettings::isCluster);
  }

  @Test
  void takesSeveralSentinelsForOneMaster() {
    assertThat(of("uri = \"redis-sentinel://a,b:26380#main\"").isCluster()).isFalse();
  }

  @Test
  void rejectsWhatCannotWork() {
    assertThatThrownBy(() -> of("uri = \"\"")).hasMessageContaining("uri: empty");
    assertThatThrownBy(() -> of("key-prefix = \"{x}\"")).hasMessageContaining("key-prefix");
    assertThatThrownBy(() -> of("command-timeout = 0s")).hasMessageContaining("command-timeout");
    assertThatThrownBy(() -> of("retries = -1")).hasMessageContaining("retries: -1");
  }

  @Test
  void neverShowsThePassword() {
    assertThat(of("uri = \"redis://:s3cret@a\"").toString()).doesNotContain("s3cret");
  }
}
