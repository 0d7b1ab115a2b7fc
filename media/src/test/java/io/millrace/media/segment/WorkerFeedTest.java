package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.Codec;
import io.millrace.media.TrackKind;
import io.millrace.media.worker.RungSwitch;
import io.millrace.media.worker.WorkerConfig;
import io.millrace.media.worker.WorkerPort;
import io.millrace.media.worker.WorkerUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerFeedTest {
  private static final long QUARTER = 90_000 / 4;

  private final WorkerFeed feed = new WorkerFeed();

  /** Remembers what it is sent; takes units out of its queue when told to. */
  private static final class Port implements WorkerPort {
    final List<String> sent = new ArrayList<>();
    private long first90k = -1;
    private long last90k;

    /** The worker has taken everything. */
    void takeAll() {
      first90k = -1;
    }

    @Override
    public void configure(WorkerConfig config) {
      sent.add("config " + config.generation());
    }

    @Override
    public void unit(WorkerUnit unit) {
      sent.add("unit " + unit.pts() / QUARTER);
      first90k = first90k < 0 ? unit.dts() : first90k;
      last90k = unit.dts();
    }

    @Override
    public void flush(int flushId) {
      sent.add("flush " + flushId);
    }

    @Override
    public void rungs(List<RungSwitch> switches) {
      sent.add("rungs " + switches.get(0).divisor());
    }

    @Override
    public void thumbnail() {}

    @Override
    public void end() {}

    @Override
    public long queuedMedia90k() {
      return first90k < 0 ? 0 : last90k - first90k;
    }
  }

  private void config(int generation) {
    feed.configure(
        new WorkerConfig(
            generation, TrackKind.VIDEO, Codec.H264, new byte[0], List.of(), Optional.empty()));
  }

  /** An IDR each quarter of a second. */
  private void units(int from, int to) {
    for (long s = from; s < to; s++) {
      long time = s * QUARTER;
      feed.unit(new WorkerUnit(s, 1, TrackKind.VIDEO, time, time, true, false, 0, new byte[0]));
    }
  }

  @Test
  void sendsAWorkerOnlyOneSecondAtATime() {
    config(1);
    units(0, 10);
    Port port = new Port();
    feed.attach(port, List.of(0L), 0);
    assertThat(port.sent)
        .containsExactly("config 1", "unit 0", "unit 1", "unit 2", "unit 3", "unit 4");
    assertThat(feed.queuedMedia90k()).isEqualTo(8 * QUARTER);
    port.takeAll();
    feed.pump();
    assertThat(port.sent).hasSize(11).endsWith("unit 8", "unit 9");
  }

  @Test
  void neverSendsWhatWasGivenUpButWhatLaterUnitsNeed() {
    config(1);
    units(0, 6);
    config(2);
    feed.rungs(List.of(new RungSwitch("480p", true, 2)));
    units(6, 12);
    Port port = new Port();
    feed.attach(port, List.of(0L), 0);
    feed.trim(10 * QUARTER);
    port.takeAll();
    feed.pump();
    assertThat(port.sent)
        .containsExactly(
            "config 1",
            "unit 0",
            "unit 1",
            "unit 2",
            "unit 3",
            "unit 4",
            "config 2",
            "rungs 2",
            "unit 10",
            "unit 11");
  }

  @Test
  void givesTheNextWorkerTheSameInTheSameOrder() {
    config(1);
    units(0, 2);
    feed.rungs(List.of(new RungSwitch("480p", true, 2)));
    units(2, 4);
    feed.flush();
    Port first = new Port();
    feed.attach(first, List.of(0L), 0);
    feed.detach();
    Port second = new Port();
    feed.attach(second, List.of(0L), 0);
    assertThat(second.sent).isEqualTo(first.sent).hasSize(7).endsWith("flush 1");
  }
}
