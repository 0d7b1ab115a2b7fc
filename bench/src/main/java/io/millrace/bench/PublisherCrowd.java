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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/** Many broadcasters of one small clip, a thread each; they connect again when they are lost. */
final class PublisherCrowd implements AutoCloseable {
  private static final long STACK_BYTES = 128 << 10;
  private static final BroadcastSettings SETTINGS =
      new BroadcastSettings(1, Duration.ofSeconds(60), 100, Duration.ofSeconds(1), true);

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong longestOpenNanos = new AtomicLong();

  private PublisherCrowd() {}

  /** Starts all at once. */
  static PublisherCrowd start(byte[] clip, int count, IntFunction<String> url) {
    PublisherCrowd crowd = new PublisherCrowd();
    for (int number = 0; number < count; number++) {
      crowd.add(url.apply(number), clip);
    }
    crowd.threads.forEach(Thread::start);
    return crowd;
  }

  /** Longest time that the first session of one of them took from start to consent. */
  double longestOpenSeconds() {
    return longestOpenNanos.get() / 1e9;
  }

  private void add(String url, byte[] clip) {
    threads.add(new Thread(null, () -> run(url, clip), "crowd", STACK_BYTES));
  }

  private void run(String url, byte[] clip) {
    long start = System.nanoTime();
    PublishListener listener =
        new PublishListener() {
          @Override
          public void opened(int session) {
            if (session == 1) {
              longestOpenNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
            }
          }
        };
    try {
      new Broadcast(
              url,
              new LoopedTagSource(() -> new FlvTagSource(new ByteArrayInputStream(clip))),
              SETTINGS,
              listener)
          .run();
    } catch (IOException e) {
      System.err.println(url + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
