package io.millrace.persistence.redis;

import java.util.concurrent.atomic.LongAdder;

/** What happened on a connection since the start; thread-safe. */
public final class RedisCounters {
  private final LongAdder retries = new LongAdder();
  private final LongAdder unreachable = new LongAdder();
  private final LongAdder fenced = new LongAdder();
  private final LongAdder rolledBack = new LongAdder();
  private final LongAdder repeated = new LongAdder();

  /** Commands that were sent again. */
  public long retries() {
    return retries.sum();
  }

  /** Commands without an answer. */
  public long unreachableCommands() {
    return unreachable.sum();
  }

  /** Writes that were refused because another writer or a higher epoch had written. */
  public long fencedWrites() {
    return fenced.sum();
  }

  /** Records that Redis had lost or had an older state of, written again as a whole. */
  public long rolledBackRecords() {
    return rolledBack.sum();
  }

  /** Writes that turned out to have been made already: their first answer was lost. */
  public long repeatedWrites() {
    return repeated.sum();
  }

  void retried() {
    retries.increment();
  }

  void unreachable() {
    unreachable.increment();
  }

  void fenced() {
    fenced.increment();
  }

  void rolledBack() {
    rolledBack.increment();
  }

  void repeated() {
    repeated.increment();
  }
}
