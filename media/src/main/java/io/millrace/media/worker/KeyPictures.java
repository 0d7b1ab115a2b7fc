package io.millrace.media.worker;

import io.millrace.media.Codec;
import io.millrace.media.TrackKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * JPEGs of single key pictures, for streams that have no worker of their own. One worker of the
 * node decodes them one after the other: it is started when there is something to do and ended when
 * there has been nothing for a minute. Thread-safe; nothing blocks.
 */
public final class KeyPictures {
  private static final int MAX_WAITING = 32;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private record Job(Codec codec, byte[] config, byte[] idr, Consumer<byte[]> sink) {}

  private final WorkerLauncher workers;
  private final LongSupplier nanoClock;
  private final Deque<Job> waiting = new ArrayDeque<>();
  private Listener active;
  private WorkerPort worker;
  private Job current;
  private int count;
  private long idleSinceNanos;

  /**
   * @param nanoClock monotonic time in ns; {@code System::nanoTime}
   */
  public KeyPictures(WorkerLauncher workers, LongSupplier nanoClock) {
    this.workers = workers;
    this.nanoClock = nanoClock;
  }

  /**
   * Has a picture made.
   *
   * @param config configuration of the track, validated
   * @param idr an access unit that decodes alone
   * @param jpeg gets the picture, on a thread of the worker's; never called when it does not decode
   * @return false when too many wait
   */
  public synchronized boolean offer(Codec codec, byte[] config, byte[] idr, Consumer<byte[]> jpeg) {
    if (waiting.size() >= MAX_WAITING) {
      return false;
    }
    waiting.add(new Job(codec, config, idr, jpeg));
    if (active == null) {
      Listener next = new Listener();
      active = next;
      worker = workers.start(next);
    }
    if (current == null) {
      startNext();
    }
    return true;
  }

  private void startNext() {
    idleSinceNanos = nanoClock.getAsLong();
    current = active == null ? null : waiting.poll();
    if (current == null) {
      return;
    }
    count++;
    worker.configure(
        new WorkerConfig(
            count, TrackKind.VIDEO, current.codec, current.config, List.of(), Optional.empty()));
    worker.thumbnail();
    worker.unit(
        new WorkerUnit(
            count, count, TrackKind.VIDEO, 0, 0, true, false, Long.MIN_VALUE, current.idr));
    worker.flush(count);
  }

  private synchronized Job currentOf(Listener listener) {
    return listener == active ? current : null;
  }

  private synchronized void flushed(Listener listener, int id) {
    if (listener == active && id == count) {
      startNext();
    }
  }

  private synchronized void endIfIdle(Listener listener) {
    boolean idle = current == null && nanoClock.getAsLong() - idleSinceNanos >= IDLE_NANOS;
    if (listener == active && idle) {
      worker.end();
      forget();
    }
  }

  /** What waits is asked for again, the picture that killed it with luck not. */
  private synchronized void exited(Listener listener) {
    if (listener == active) {
      forget();
      waiting.clear();
    }
  }

  private void forget() {
    active = null;
    worker = null;
    current = null;
  }

  private final class Listener implements WorkerListener {
    @Override
    public void ready() {}

    @Override
    public void init(String rung, int generation, byte[] extradata) {}

    @Override
    public void packet(EncodedPacket packet) {}

    @Override
    public void flushed(int flushId) {
      KeyPictures.this.flushed(this, flushId);
    }

    @Override
    public void dropped(String rung, long sourceSeq, int frames) {}

    @Override
    public void stats(WorkerStats stats) {
      endIfIdle(this);
    }

    @Override
    public void thumbnail(byte[] jpeg) {
      Job job = currentOf(this);
      if (job != null) {
        job.sink.accept(jpeg);
      }
    }

    @Override
    public void exited(int exitCode, String cause) {
      KeyPictures.this.exited(this);
    }
  }
}
