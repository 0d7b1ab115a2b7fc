package io.millrace.node.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaUnit;
import org.junit.jupiter.api.Test;

class RelayBufferTest {

  @Test
  void dropsWholeGroupsOldestFirstWhenFull() {
    RelayBuffer buffer = new RelayBuffer(1000, 60_000);
    int dropped = 0;
    for (int seq = 0; seq < 30; seq++) {
      dropped += buffer.append(Units.video(seq, seq * 40L, seq % 5 == 0, 100));
    }
    assertThat(buffer.bytes()).isLessThanOrEqualTo(1000);
    assertThat(buffer.firstSeq(-1) % 5).isZero();
    assertThat(dropped).isEqualTo((int) buffer.firstSeq(-1));
  }

  @Test
  void isBoundedByMediaTime() {
    RelayBuffer buffer = new RelayBuffer(1 << 20, 1000);
    for (int seq = 0; seq < 200; seq++) {
      buffer.append(Units.video(seq, seq * 40L, seq % 25 == 0, 10));
    }
    assertThat(buffer.mediaMs()).isLessThanOrEqualTo(1000);
  }

  @Test
  void keepsTheConfigurationsInForceBeforeItsOldestUnit() {
    RelayBuffer buffer = new RelayBuffer(1 << 20, 60_000);
    MediaUnit config = Units.videoConfig(0);
    buffer.append(config);
    buffer.append(Units.video(1, 0, true, 10));
    buffer.append(Units.video(2, 40, false, 10));
    buffer.acknowledge(1);
    assertThat(buffer.firstSeq(-1)).isEqualTo(2);
    assertThat(buffer.configsBefore(2)).containsExactly(config);
  }
}
