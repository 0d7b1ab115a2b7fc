package io.millrace.bench;

import io.millrace.media.publish.Broadcast;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.media.publish.FlvTagSource;
import io.millrace.media.publish.LoopedTagSource;
import io.millrace.media.publish.PublishListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Many broadcasters of one small clip, a thread each. Like encoders they try again after a second
 * when they are refused or lost, for as long as it takes; how often that was is counted.
 */
final class PublisherCrowd implements AutoCloseable {
  private static final long STACK_BYTES = 128 << 10;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final BroadcastSettings SETTINGS =
      new BroadcastSettings(1, Duration.ofSeconds(60), 1000, RETRY, true);

  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Double> openedSeconds = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger losses = new AtomicInteger();
  private final long startNanos = System.nanoTime();

  private PublisherCrowd() {}

  /** Starts all at once. */
  static PublisherCrowd start(byte[] clip, int count, IntFunction<String> url) {
    return start(clip, count, url, Duration.ZERO);
  }

  /**
   * Starts one after the other.
   *
   * @param over so much time
   */
  static PublisherCrowd start(byte[] clip, int count, IntFunction<String> url, Duration over) {
    PublisherCrowd crowd = new PublisherCrowd();
    for (int number = 0; number < count; number++) {
      String address = url.apply(number);
      long delayMs = over.toMillis() * number / count;
      crowd.threads.add(
          new Thread(null, () -> crowd.run(address, clip, delayMs), "crowd", STACK_BYTES));
    }
    crowd.threads.forEach(Thread::start);
    return crowd;
  }

  /** For each that was accepted: when, from the start of the crowd. */
  List<Double> openedSeconds() {
    return List.copyOf(openedSeconds);
  }

  /** Attempts before the first consent that were refused or failed. */
  int refusals() {
    return refusals.get();
  }

  /** Connections lost after consent, and failed attempts to replace them. */
  int losses() {
    return losses.get();
  }

  private void run(String url, byte[] clip, long delayMs) {
    try {
      TimeUnit.MILLISECONDS.sleep(delayMs);
      boolean[] opened = {false};
      PublishListener listener = listener(opened);
      while (true) {
        try {
          new Broadcast(
                  url,
                  new LoopedTagSource(() -> new FlvTagSource(new ByteArrayInputStream(clip))),
                  SETTINGS,
                  listener)
              .run();
        } catch (IOException e) {
          (opened[0] ? losses : refusals).incrementAndGet();
          TimeUnit.MILLISECONDS.sleep(RETRY.toMillis());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private PublishListener listener(boolean[] opened) {
    return new PublishListener() {
      @Override
      public void opened(int session) {
        if (!opened[0]) {
          opened[0] = true;
          openedSeconds.add((System.nanoTime() - startNanos) / 1e9);
        }
      }

      @Override
      public void lost(IOException reason) {
        losses.incrementAndGet();
      }
    };
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
