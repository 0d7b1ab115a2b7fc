package io.millrace.node.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RelayBufferTest {
  @TempDir Path directory;

  private final BlockingQueue<Runnable> onDisk = new LinkedBlockingQueue<>();

  private RelayBuffer buffer(RelaySpill spill, Duration keepMedia, long keepBytes) {
    return new RelayBuffer(RelayNodes.settings(keepMedia, keepBytes, 1), spill, onDisk::add);
  }

  private static RelaySpill noDisk() {
    return new RelaySpill(Optional.empty(), 0, 1 << 30);
  }

  private RelaySpill disk(long maxBytes) {
    return new RelaySpill(Optional.of(directory.resolve("relay")), maxBytes, 1 << 30);
  }

  /** Takes what the disk has done until nothing is on its way. */
  private void settle(RelaySpill spill) throws InterruptedException {
    BlockingQueue<Boolean> passed = new LinkedBlockingQueue<>();
    spill.read(new RelaySpill.Block(directory.resolve("none"), 0), content -> passed.add(true));
    passed.take();
    for (Runnable done = onDisk.poll(); done != null; done = onDisk.poll()) {
      done.run();
    }
  }

  private MediaUnit marked(long seq) {
    MediaUnit unit = Units.video(seq, seq * 40L, seq % 5 == 0, 100);
    unit.payload()[0] = (byte) seq;
    return unit;
  }

  @Test
  void dropsWholeGroupsOldestFirstWhenFull() {
    RelayBuffer buffer = buffer(noDisk(), Duration.ofMinutes(1), 1000);
    for (int seq = 0; seq < 32; seq++) {
      buffer.append(Units.video(seq, seq * 40L, seq % 5 == 0, 100));
    }
    assertThat(buffer.bytes()).isLessThanOrEqualTo(1000);
    assertThat(buffer.firstSeq(-1)).isEqualTo(25);
  }

  @Test
  void keepsAtLeastTheMediaTimeAndAtMostOneGroupMore() {
    RelayBuffer buffer = buffer(noDisk(), Duration.ofSeconds(2), 1 << 20);
    for (int seq = 0; seq < 500; seq++) {
      buffer.append(Units.video(seq, seq * 40L, seq % 25 == 0, 10));
      if (seq > 100) {
        assertThat(buffer.mediaMs()).isBetween(2000L, 3000L);
      }
    }
  }

  @Test
  void doesNotTakeAJumpOfTimestampsForMedia() {
    RelayBuffer buffer = buffer(noDisk(), Duration.ofSeconds(10), 1 << 20);
    for (int seq = 0; seq < 50; seq++) {
      long jump = seq < 25 ? 0 : 3_600_000;
      buffer.append(Units.video(seq, jump + seq * 40L, seq % 5 == 0, 10));
    }
    assertThat(buffer.firstSeq(-1)).isZero();
  }

  @Test
  void keepsTheConfigurationsInForceBeforeItsOldestUnit() {
    RelayBuffer buffer = buffer(noDisk(), Duration.ofMinutes(1), 1 << 20);
    MediaUnit config = Units.videoConfig(0);
    buffer.append(config);
    buffer.append(Units.video(1, 0, true, 10));
    buffer.append(Units.video(2, 40, false, 10));
    buffer.acknowledge(1);
    assertThat(buffer.firstSeq(-1)).isEqualTo(2);
    assertThat(buffer.configsBefore(2)).containsExactly(config);
  }

  @Test
  void bringsBackFromDiskWhatMemoryHasNoRoomFor() throws Exception {
    RelaySpill spill = disk(1 << 20);
    RelayBuffer buffer = buffer(spill, Duration.ofMinutes(1), 2000);
    for (int seq = 0; seq < 200; seq++) {
      buffer.append(marked(seq));
      settle(spill);
    }
    assertThat(buffer.firstSeq(-1)).isZero();
    assertThat(buffer.memoryBytes()).isLessThanOrEqualTo(2500);
    assertThat(buffer.unit(0)).isEmpty();

    for (int seq = 0; seq < 200; seq++) {
      if (buffer.unit(seq).isEmpty()) {
        buffer.load(seq, () -> {});
        settle(spill);
      }
      MediaUnit unit = buffer.unit(seq).orElseThrow();
      assertThat(unit).usingRecursiveComparison().isEqualTo(marked(seq));
      buffer.sent(seq);
      assertThat(buffer.memoryBytes()).isLessThanOrEqualTo(3000);
    }
  }

  @Test
  void deletesBlocksThatAreAcknowledgedOrClosed() throws Exception {
    RelaySpill spill = disk(1 << 20);
    RelayBuffer buffer = buffer(spill, Duration.ofMinutes(1), 2000);
    for (int seq = 0; seq < 200; seq++) {
      buffer.append(marked(seq));
      settle(spill);
    }
    long before = blocks();
    buffer.acknowledge(100);
    settle(spill);
    assertThat(blocks()).isBetween(1L, before - 1);
    buffer.close();
    settle(spill);
    assertThat(blocks()).isZero();
    assertThat(spill.diskBytes()).isZero();
    assertThat(buffer.memoryBytes()).isZero();
  }

  private long blocks() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("relay"))) {
      return files.count();
    }
  }

  @Test
  void givesUpTheOldestGroupsWhenTheDiskIsFullToo() throws Exception {
    RelaySpill spill = disk(4000);
    RelayBuffer buffer = buffer(spill, Duration.ofMinutes(1), 2000);
    for (int seq = 0; seq < 300; seq++) {
      buffer.append(marked(seq));
      settle(spill);
    }
    assertThat(spill.refusals()).isPositive();
    assertThat(buffer.firstSeq(-1) % 5).isZero();
    assertThat(buffer.bytes()).isBetween(3000L, 7000L);
  }

  @Test
  void keepsLittleInMemoryWhenAllRelaysTogetherHaveMuch() throws Exception {
    RelaySpill spill = new RelaySpill(Optional.of(directory.resolve("relay")), 64 << 20, 2 << 20);
    RelayBuffer buffer = buffer(spill, Duration.ofMinutes(1), 16 << 20);
    for (int seq = 0; seq < 80; seq++) {
      buffer.append(Units.video(seq, seq * 40L, seq % 5 == 0, 100_000));
      settle(spill);
    }
    assertThat(buffer.firstSeq(-1)).isZero();
    assertThat(buffer.memoryBytes()).isLessThanOrEqualTo(3 << 20);
  }

  @Test
  void deletesWhatAProcessThatDiedLeft() throws Exception {
    Path left = directory.resolve("relay").resolve("7.relay");
    Files.createDirectories(left.getParent());
    Files.write(left, new byte[] {1});
    RelaySpill spill = disk(1000);
    settle(spill);
    assertThat(left).doesNotExist();
  }
}
