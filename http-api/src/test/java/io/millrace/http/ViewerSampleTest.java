package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ViewerSampleTest {
  private final long[] hashes = new Random(1).longs(30_000).toArray();

  /** Sessions from {@code first} to before {@code end}. */
  private ViewerSample sample(int first, int end) {
    return new ViewerSample(
        end - first,
        LongStream.of(hashes)
            .skip(first)
            .limit((long) end - first)
            .sorted()
            .limit(ViewerSample.MAX_HASHES)
            .boxed()
            .toList());
  }

  private static int merged(ViewerSample... samples) {
    return ViewerSample.merged(List.of(samples));
  }

  @Test
  void countsASessionOnSeveralNodesOnce() {
    assertThat(merged(sample(0, 500), sample(300, 700), sample(600, 601))).isEqualTo(700);
    assertThat(merged(sample(0, 1024), sample(0, 1024))).isEqualTo(1024);
  }

  @Test
  void addsUpNodesThatHaveNothingInCommon() {
    assertThat(merged(sample(0, 10_000), sample(10_000, 10_007), sample(20_000, 29_000)))
        .isEqualTo(19_007);
  }

  @Test
  void countsACrowdThatIsOnEveryNodeOnce() {
    assertThat(merged(sample(0, 10_000), sample(0, 10_000), sample(0, 10_000))).isEqualTo(10_000);
  }

  @Test
  void estimatesACrowdThatNodesShareInPart() {
    int distinct = merged(sample(0, 12_000), sample(8_000, 20_000), sample(19_000, 30_000));

    assertThat(distinct).isCloseTo(30_000, within(900));
  }

  @Test
  void nobodyIsNobody() {
    assertThat(merged()).isZero();
    assertThat(merged(ViewerSample.NONE, ViewerSample.NONE)).isZero();
    assertThat(merged(ViewerSample.NONE, sample(0, 3))).isEqualTo(3);
  }

  @Test
  void rejectsMoreHashesThanSessions() {
    assertThatThrownBy(() -> new ViewerSample(1, List.of(1L, 2L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sessions: 1 (expected: at least 2)");
  }
}
