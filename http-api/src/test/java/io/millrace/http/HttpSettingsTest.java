package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {

  @Test
  void rejectsRequestTimeoutThatEndsBeforeParkedRequestsDo() {
    assertThatThrownBy(() -> with(8080, Duration.ofSeconds(10), Duration.ofSeconds(60)))
        .hasMessage("requestTimeout: PT10S (expected: longer than PT10S)");
  }

  @Test
  void rejectsIdleTimeoutThatCutsRequests() {
    assertThatThrownBy(() -> with(8080, Duration.ofSeconds(20), Duration.ofSeconds(20)))
        .hasMessage("idleTimeout: PT20S (expected: longer than requestTimeout)");
  }

  @Test
  void rejectsPortOutOfRange() {
    assertThatThrownBy(() -> with(65536, Duration.ofSeconds(20), Duration.ofSeconds(60)))
        .hasMessage("port: 65536 (expected: 0 to 65535)");
  }

  private static HttpSettings with(int port, Duration request, Duration idle) {
    return new HttpSettings(
        "0.0.0.0",
        port,
        request,
        idle,
        1024,
        128,
        2048,
        Duration.ofHours(1),
        false,
        Optional.empty());
  }
}
