package io.millrace.node.stream;

import io.millrace.node.relay.OwnerLink;
import java.time.Duration;

/**
 * The moment between two publishers of a stream: the next session opens when the relay of the last
 * one has handed over all that it had taken, or after a short while. Confined to the stream's
 * runner.
 */
final class TakeOver {
  static final String TEXT = "Another publisher has taken over this stream.";

  private static final Duration LIMIT = Duration.ofMillis(500);

  private Runnable waiting;
  private long sinceNanos;

  /**
   * @param open opens the next session
   * @param last way to the last session's relay; null: there is none to wait for
   */
  void open(Runnable open, OwnerLink last) {
    done();
    if (last == null) {
      open.run();
      return;
    }
    waiting = open;
    sinceNanos = System.nanoTime();
    last.finish(TEXT);
  }

  /** The last session is over. */
  void done() {
    Runnable open = waiting;
    waiting = null;
    if (open != null) {
      open.run();
    }
  }

  void tick(long nowNanos) {
    if (waiting != null && nowNanos - sinceNanos > LIMIT.toNanos()) {
      done();
    }
  }
}
