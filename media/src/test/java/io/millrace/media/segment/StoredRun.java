package io.millrace.media.segment;

import io.millrace.media.MediaUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * One owner's run over a session with a store that takes its time: each segment is stored some
 * units after it was made, in order within its rendition, and durable some units later. Keeps every
 * state that was persisted on the way.
 */
final class StoredRun {

  /**
   * A state as a successor would find it.
   *
   * @param acknowledged highest sequence number that the relay has let go of while this was the
   *     newest state, −1 for none
   */
  record Persisted(PipelineState state, long acknowledged) {}

  private record Job(String rendition, long msn, int dueAt) {}

  final Harness harness;
  final List<Persisted> persisted = new ArrayList<>();
  private final Random random;
  private final int slowest;
  private final List<Job> writing = new ArrayList<>();
  private final List<Job> saving = new ArrayList<>();
  private final Map<String, Integer> lastDue = new HashMap<>();
  private PipelineState newest;
  private int unitsSeen;
  private int savedAt;

  /**
   * @param slowest units that a write takes at most; 0 for a store that is done at once
   */
  StoredRun(
      PipelineSettings settings,
      long epoch,
      Optional<PipelineState> from,
      Random random,
      int slowest) {
    this.harness = new Harness(settings, epoch, from);
    this.random = random;
    this.slowest = slowest;
    harness.archive.onSegment = this::write;
  }

  private void write(String rendition, long msn) {
    int due = unitsSeen + (slowest == 0 ? 0 : random.nextInt(slowest));
    due = Math.max(due, lastDue.getOrDefault(rendition, 0));
    lastDue.put(rendition, due);
    writing.add(new Job(rendition, msn, due));
  }

  void feed(List<MediaUnit> units) {
    for (MediaUnit unit : units) {
      harness.feed(List.of(unit));
      harness.now += 8 * Harness.MS;
      unitsSeen++;
      work(unitsSeen);
    }
  }

  /** The publisher is gone; everything that is left is stored. */
  void end() {
    harness.end();
    work(Integer.MAX_VALUE);
    work(Integer.MAX_VALUE);
  }

  private void work(int now) {
    for (Job job : due(writing, now)) {
      harness.pipeline.stored(job.rendition(), job.msn());
      newest = harness.pipeline.state().orElseThrow();
      saving.add(job);
    }
    if (!saving.isEmpty() && (now == Integer.MAX_VALUE || now >= savedAt)) {
      save();
      savedAt = now == Integer.MAX_VALUE ? now : now + (slowest == 0 ? 0 : random.nextInt(slowest));
    }
  }

  private void save() {
    for (Job job : saving) {
      harness.pipeline.durable(job.rendition(), job.msn());
    }
    saving.clear();
    List<long[]> acks = harness.archive.acks;
    long acknowledged = acks.isEmpty() ? -1 : acks.get(acks.size() - 1)[1];
    persisted.add(new Persisted(newest, acknowledged));
  }

  private static List<Job> due(List<Job> jobs, int now) {
    List<Job> due = jobs.stream().filter(job -> job.dueAt() <= now).toList();
    jobs.removeAll(due);
    return due;
  }
}
