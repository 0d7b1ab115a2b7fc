package io.millrace.media.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Keeps what a worker says; await waits for a state of it. */
final class RecordingListener implements WorkerListener {
  final List<EncodedPacket> packets = new ArrayList<>();
  final Map<String, byte[]> inits = new HashMap<>();
  final List<Integer> flushed = new ArrayList<>();
  final Map<String, Integer> dropped = new HashMap<>();
  final List<byte[]> thumbnails = new ArrayList<>();
  final List<String> exits = new ArrayList<>();
  WorkerStats stats;
  int initCount;
  int readyCount;
  int exitCode = Integer.MIN_VALUE;
  int callsAfterExit;

  synchronized List<EncodedPacket> of(String rung) {
    return packets.stream().filter(packet -> packet.rung().equals(rung)).toList();
  }

  synchronized void await(String why, Predicate<RecordingListener> condition)
      throws InterruptedException {
    await(why, Duration.ofSeconds(60), condition);
  }

  synchronized void await(String why, Duration limit, Predicate<RecordingListener> condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.test(this)) {
      long leftMs = (deadline - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        throw new AssertionError("not within " + limit + ": " + why + "; exits " + exits);
      }
      wait(leftMs);
    }
  }

  private void changed() {
    callsAfterExit += exits.isEmpty() ? 0 : 1;
    notifyAll();
  }

  @Override
  public synchronized void ready() {
    readyCount++;
    changed();
  }

  @Override
  public synchronized void init(String rung, int generation, byte[] extradata) {
    inits.put(rung, extradata);
    initCount++;
    changed();
  }

  @Override
  public synchronized void packet(EncodedPacket packet) {
    packets.add(packet);
    changed();
  }

  @Override
  public synchronized void flushed(int flushId) {
    flushed.add(flushId);
    changed();
  }

  @Override
  public synchronized void dropped(String rung, long sourceSeq, int count) {
    dropped.merge(rung, count, Integer::sum);
    changed();
  }

  @Override
  public synchronized void stats(WorkerStats newest) {
    stats = newest;
    changed();
  }

  @Override
  public synchronized void thumbnail(byte[] jpeg) {
    thumbnails.add(jpeg);
    changed();
  }

  @Override
  public synchronized void exited(int code, String cause) {
    changed();
    exits.add(cause);
    exitCode = code;
    notifyAll();
  }
}
