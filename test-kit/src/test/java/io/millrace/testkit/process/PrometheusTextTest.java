package io.millrace.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  private static final String TEXT =
      """
      # HELP jvm_memory_used_bytes memory
      # TYPE jvm_memory_used_bytes gauge
      jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 1.5E6
      jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 500000.0
      jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 7.0
      jvm_memory_used_bytes_max 9.0
      plain 3.0
      """;

  @Test
  void sumsOverMatchingLabelSets() {
    assertThat(PrometheusText.sum(TEXT, "jvm_memory_used_bytes", "area=\"heap\""))
        .isEqualTo(2_000_000.0);
  }

  @Test
  void readsMetricsWithoutLabels() {
    assertThat(PrometheusText.sum(TEXT, "plain", "")).isEqualTo(3.0);
  }

  @Test
  void missingMetricIsZero() {
    assertThat(PrometheusText.sum(TEXT, "absent", "")).isZero();
  }
}
