package io.millrace.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for a condition with a deadline, for tests of other processes where no event can be
 * subscribed. An exception thrown by the condition counts as "not yet"; the last one becomes the
 * cause of the failure.
 */
public final class Await {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(25);

  private Await() {}

  /**
   * Returns when {@code condition} holds.
   *
   * @param why what is awaited, in words; part of the failure's message
   * @throws AssertionError if it does not hold within {@code deadline}
   */
  public static void until(String why, Duration deadline, Callable<Boolean> condition) {
    value(why, deadline, () -> condition.call() ? Optional.of(true) : Optional.empty());
  }

  /**
   * Returns the first value that {@code attempt} yields.
   *
   * @throws AssertionError if there is none within {@code deadline}
   */
  public static <T> T value(String why, Duration deadline, Callable<Optional<T>> attempt) {
    long end = System.nanoTime() + deadline.toNanos();
    Exception last = null;
    while (true) {
      try {
        Optional<T> found = attempt.call();
        if (found.isPresent()) {
          return found.get();
        }
        last = null;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting until " + why, e);
      } catch (Exception e) {
        last = e;
      }
      if (System.nanoTime() >= end) {
        throw new AssertionError("not within " + deadline.toMillis() + " ms: " + why, last);
      }
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
  }
}
