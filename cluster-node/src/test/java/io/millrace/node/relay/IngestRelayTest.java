package io.millrace.node.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaUnit;
import io.millrace.node.ingest.PublisherControl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestRelayTest {
  @TempDir Path directory;

  private final List<String> calls = new ArrayList<>();
  private final RelayNode node = RelayNodes.inMemory();
  private final IngestRelay relay =
      new IngestRelay(RelayNodes.settings(4000, 1000), new Control(), new Events(), node, "cam");

  private InProcessLink connect(int maxFrames, long firstSeq) {
    IngestRelay.TransportListener listener = relay.newListener();
    InProcessLink link = new InProcessLink(new DataPort.Bounds(maxFrames, 1 << 20), listener);
    relay.connected(link, listener, 5, firstSeq);
    return link;
  }

  private static List<String> drain(InProcessLink link) {
    List<String> seen = new ArrayList<>();
    for (Optional<RelayFrame> f = link.poll(); f.isPresent(); f = link.poll()) {
      RelayFrame frame = f.get();
      seen.add(
          frame instanceof RelayFrame.Unit u ? String.valueOf(u.unit().seq()) : frame.toString());
    }
    return seen;
  }

  @Test
  void numbersUnitsFromZero() {
    InProcessLink link = connect(10, 0);
    relay.offer(Units.videoConfig(99));
    relay.offer(Units.video(99, 0, true, 10));
    assertThat(drain(link)).containsExactly("0", "1");
  }

  @Test
  void asksTheConnectionToPauseWhileTheOwnerTakesNothing() {
    InProcessLink link = connect(1, 0);
    boolean reading = true;
    for (int i = 0; i < 8 && reading; i++) {
      reading = relay.offer(Units.video(0, i, i == 0, 300));
    }
    assertThat(reading).isFalse();
    drain(link);
    assertThat(calls).containsExactly("resume");
  }

  @Test
  void readsOnLaterWhenUnitsCameWhileItWasPausedAndTheOwnerTookSome() {
    InProcessLink link = connect(1, 0);
    for (int i = 0; i < 5; i++) {
      relay.offer(Units.video(0, i, i == 0, 300));
    }
    assertThat(link.poll()).isPresent();
    assertThat(relay.offer(Units.video(0, 5, false, 10))).isFalse();
    assertThat(calls).isEmpty();
    drain(link);
    assertThat(calls).containsExactly("resume");
  }

  @Test
  void readsOnWhileThereIsNoOwner() {
    InProcessLink link = connect(1, 0);
    boolean reading = true;
    for (int i = 0; i < 8 && reading; i++) {
      reading = relay.offer(Units.video(0, i, i == 0, 300));
    }
    assertThat(reading).isFalse();
    link.release();
    assertThat(calls).containsExactly("resume", "lost");
    assertThat(relay.offer(Units.video(0, 9, false, 300))).isTrue();
  }

  @Test
  void replaysFromWhereANewOwnerAsksWithTheConfigurationBeforeIt() {
    InProcessLink first = connect(100, 0);
    relay.offer(Units.videoConfig(0));
    for (int i = 0; i < 5; i++) {
      relay.offer(Units.video(0, i, i % 2 == 0, 10));
    }
    drain(first);
    first.release();
    assertThat(calls).containsExactly("lost");
    assertThat(drain(connect(100, 3))).containsExactly("0", "3", "4", "5");
  }

  @Test
  void marksWhatItHadToGiveUpBeforeItWasSent() {
    InProcessLink link = connect(1, 0);
    for (int i = 0; i < 60; i++) {
      relay.offer(Units.video(0, i, i % 10 == 0, 100));
    }
    List<String> seen = drain(link);
    assertThat(seen.get(0)).isEqualTo("0");
    assertThat(seen.get(1)).startsWith("Dropped[fromSeq=1, ");
    assertThat(seen.get(seen.size() - 1)).isEqualTo("59");
  }

  @Test
  void replaysFromDiskInOrder() throws Exception {
    RelaySpill spill = new RelaySpill(Optional.of(directory), 1 << 20, 1 << 30);
    IngestRelay spilling =
        new IngestRelay(
            RelayNodes.settings(2000, 1000),
            new Control(),
            new Events(),
            RelayNodes.with(spill),
            "cam");
    for (int i = 0; i < 200; i++) {
      spilling.offer(Units.video(0, i * 40L, i % 10 == 0, 100));
      CountDownLatch written = new CountDownLatch(1);
      spill.read(new RelaySpill.Block(directory.resolve("none"), 0), c -> written.countDown());
      written.await();
    }
    IngestRelay.TransportListener listener = spilling.newListener();
    InProcessLink link = new InProcessLink(new DataPort.Bounds(10, 1 << 20), listener);
    spilling.connected(link, listener, 5, 0);
    BlockingQueue<Boolean> wakeUps = new LinkedBlockingQueue<>();
    link.start(() -> wakeUps.add(true));
    for (long seq = 0; seq < 200; seq++) {
      Optional<RelayFrame> frame = link.poll();
      while (frame.isEmpty()) {
        assertThat(wakeUps.poll(10, TimeUnit.SECONDS)).as("woken up within 10 s").isNotNull();
        frame = link.poll();
      }
      MediaUnit unit = ((RelayFrame.Unit) frame.get()).unit();
      assertThat(unit.seq()).isEqualTo(seq);
      assertThat(unit.payload()).hasSize(100);
    }
  }

  @Test
  void sendsTheEndAfterAllUnits() {
    InProcessLink link = connect(1, 0);
    relay.offer(Units.video(0, 0, true, 10));
    relay.offer(Units.video(0, 1, false, 10));
    relay.close(true);
    assertThat(drain(link)).containsExactly("0", "1", "End[clean=true]");
    assertThat(calls).containsExactly("end sent");
    assertThat(relay.offer(Units.video(0, 2, false, 10))).isFalse();
  }

  @Test
  void isFinishedWhenAllUntilTheEndIsAcknowledged() {
    InProcessLink link = connect(10, 0);
    relay.offer(Units.video(0, 0, true, 10));
    relay.offer(Units.video(0, 1, false, 10));
    relay.close(true);
    drain(link);
    link.acknowledge(0);
    assertThat(calls).containsExactly("end sent");
    link.acknowledge(1);
    link.acknowledge(1);
    assertThat(calls).containsExactly("end sent", "finished");
  }

  @Test
  void isFinishedAtOnceWhenNothingWasSent() {
    connect(10, 0);
    relay.close(true);
    assertThat(calls).containsExactly("end sent", "finished");
  }

  @Test
  void sendsItsLastUnitsAgainWhenTheOwnerIsLostAfterTheEnd() {
    InProcessLink first = connect(10, 0);
    for (int i = 0; i < 4; i++) {
      relay.offer(Units.video(0, i, i % 2 == 0, 10));
    }
    relay.close(false);
    drain(first);
    first.acknowledge(1);
    first.release();
    assertThat(calls).containsExactly("end sent", "lost");
    assertThat(drain(connect(10, 2))).containsExactly("2", "3", "End[clean=false]");
  }

  private final class Control implements PublisherControl {
    @Override
    public void close(CloseReason reason, String text) {
      calls.add("close " + reason);
    }

    @Override
    public void leave(String text) {
      calls.add("leave");
    }

    @Override
    public void resumeReading() {
      calls.add("resume");
    }
  }

  private final class Events implements IngestRelay.Events {
    @Override
    public void acknowledged() {
      calls.add("acknowledged");
    }

    @Override
    public void ownerConnected() {}

    @Override
    public void ownerLost() {
      calls.add("lost");
    }

    @Override
    public void endedByOwner(PublisherControl.CloseReason reason, String text) {
      calls.add("ended " + reason);
    }

    @Override
    public void endSent() {
      calls.add("end sent");
    }

    @Override
    public void finished() {
      calls.add("finished");
    }
  }
}
