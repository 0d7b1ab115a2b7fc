package io.millrace.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.Codec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyPicturesTest {
  private static final long SECOND = 1_000_000_000L;

  /** Workers that note what they are told. */
  private static final class FakePort implements WorkerPort {
    final List<String> calls = new ArrayList<>();

    @Override
    public void configure(WorkerConfig config) {
      calls.add("configure " + config.generation() + " " + config.codec());
    }

    @Override
    public void unit(WorkerUnit unit) {
      calls.add("unit " + unit.generation() + " " + unit.data()[0]);
    }

    @Override
    public void flush(int flushId) {
      calls.add("flush " + flushId);
    }

    @Override
    public void rungs(List<RungSwitch> switches) {
      calls.add("rungs");
    }

    @Override
    public void thumbnail() {
      calls.add("thumbnail");
    }

    @Override
    public void end() {
      calls.add("end");
    }

    @Override
    public long queuedMedia90k() {
      return 0;
    }
  }

  private final List<FakePort> ports = new ArrayList<>();
  private final List<WorkerListener> listeners = new ArrayList<>();
  private final List<String> made = new ArrayList<>();
  private long now = -3 * SECOND;
  private final KeyPictures pictures = new KeyPictures(this::start, () -> now);

  private WorkerPort start(WorkerListener listener) {
    listeners.add(listener);
    ports.add(new FakePort());
    return ports.get(ports.size() - 1);
  }

  private boolean offer(int idr) {
    return pictures.offer(
        Codec.H264,
        new byte[] {1},
        new byte[] {(byte) idr},
        jpeg -> made.add(idr + " is " + jpeg[0]));
  }

  private void finish(int count, int jpeg) {
    listeners.get(listeners.size() - 1).thumbnail(new byte[] {(byte) jpeg});
    listeners.get(listeners.size() - 1).flushed(count);
  }

  @Test
  void decodesOnePictureAfterTheOtherInOneWorker() {
    assertThat(offer(7)).isTrue();
    assertThat(offer(8)).isTrue();
    assertThat(ports).hasSize(1);
    assertThat(ports.get(0).calls)
        .containsExactly("configure 1 H264", "thumbnail", "unit 1 7", "flush 1");
    finish(1, 70);
    assertThat(ports.get(0).calls).endsWith("configure 2 H264", "thumbnail", "unit 2 8", "flush 2");
    finish(2, 80);
    assertThat(made).containsExactly("7 is 70", "8 is 80");
  }

  @Test
  void goesOnAfterAPictureThatDoesNotDecode() {
    offer(7);
    offer(8);
    listeners.get(0).flushed(1);
    finish(2, 80);
    assertThat(made).containsExactly("8 is 80");
  }

  @Test
  void endsTheWorkerAfterAMinuteWithoutWorkAndStartsAnother() {
    offer(7);
    finish(1, 70);
    now += 59 * SECOND;
    listeners.get(0).stats(new WorkerStats(0, 0, 0, 0, 0));
    assertThat(ports.get(0).calls).doesNotContain("end");
    now += SECOND;
    listeners.get(0).stats(new WorkerStats(0, 0, 0, 0, 0));
    assertThat(ports.get(0).calls).endsWith("end");
    listeners.get(0).exited(0, "ended");

    offer(8);
    finish(2, 80);
    assertThat(ports).hasSize(2);
    assertThat(made).containsExactly("7 is 70", "8 is 80");
  }

  @Test
  void startsAnotherWorkerAfterACrashAndForgetsWhatWaited() {
    offer(7);
    offer(8);
    listeners.get(0).exited(134, "signal 6");
    listeners.get(0).thumbnail(new byte[] {1});
    offer(9);
    finish(2, 90);
    assertThat(ports).hasSize(2);
    assertThat(made).containsExactly("9 is 90");
  }

  @Test
  void takesOnlySoManyAtATime() {
    for (int i = 0; i < 33; i++) {
      assertThat(offer(i)).isTrue();
    }
    assertThat(offer(33)).isFalse();
    finish(1, 1);
    assertThat(offer(34)).isTrue();
  }
}
