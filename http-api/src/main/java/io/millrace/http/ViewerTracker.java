package io.millrace.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts playback sessions of this node. HLS has no connections, so a session is whoever asked for
 * a playlist lately, known by a {@link ViewerSession}. Sessions expire by themselves; the number
 * kept is bounded. Safe for any thread; nothing of it survives a restart.
 */
public final class ViewerTracker implements ViewerCounts {

  private static final int DEFAULT_MAX_SESSIONS = 200_000;
  private static final long SWEEP_INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

  private final LongSupplier nanoClock;
  private final int maxSessions;
  private final long salt;
  private final Map<String, Map<Long, Long>> deadlinesByStream = new ConcurrentHashMap<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicLong nextSweep;

  /** Of a node on its own. */
  public ViewerTracker() {
    this(System::nanoTime, DEFAULT_MAX_SESSIONS, ViewerSession.randomSalt());
  }

  /**
   * Of a node of a cluster: a player has the same session on every node.
   *
   * @param secret shared by all nodes, not empty
   */
  public static ViewerTracker ofCluster(String secret) {
    return new ViewerTracker(System::nanoTime, DEFAULT_MAX_SESSIONS, ViewerSession.saltOf(secret));
  }

  /**
   * @param nanoClock monotonic, nanoseconds
   * @param maxSessions kept over all streams; further ones are not counted until some expire
   * @param salt of sessions
   */
  ViewerTracker(LongSupplier nanoClock, int maxSessions, long salt) {
    this.nanoClock = nanoClock;
    this.maxSessions = maxSessions;
    this.salt = salt;
    this.nextSweep = new AtomicLong(nanoClock.getAsLong() + SWEEP_INTERVAL_NANOS);
  }

  /** What {@link ViewerSession#of} mixes in. */
  long salt() {
    return salt;
  }

  /** Sessions that asked for a playlist of the stream within their time to live. */
  @Override
  public int count(String streamId) {
    Map<Long, Long> deadlines = deadlinesByStream.get(streamId);
    if (deadlines == null) {
      return 0;
    }
    long now = nanoClock.getAsLong();
    return (int) deadlines.values().stream().filter(deadline -> deadline - now > 0).count();
  }

  @Override
  public ViewerSample sample(String streamId) {
    Map<Long, Long> deadlines = deadlinesByStream.get(streamId);
    if (deadlines == null) {
      return ViewerSample.NONE;
    }
    long now = nanoClock.getAsLong();
    long[] hashes =
        deadlines.entrySet().stream()
            .filter(session -> session.getValue() - now > 0)
            .mapToLong(Map.Entry::getKey)
            .sorted()
            .toArray();
    return new ViewerSample(
        hashes.length, Arrays.stream(hashes).limit(ViewerSample.MAX_HASHES).boxed().toList());
  }

  /** Sessions of all streams. */
  public int total() {
    return deadlinesByStream.keySet().stream().mapToInt(this::count).sum();
  }

  /** The session asked for a playlist; it counts for {@code timeToLive} from now. */
  void seen(String streamId, long session, Duration timeToLive) {
    long now = nanoClock.getAsLong();
    sweepWhenDue(now);
    Map<Long, Long> deadlines = deadlinesByStream.get(streamId);
    boolean known = deadlines != null && deadlines.containsKey(session);
    if (!known && sessions.get() >= maxSessions) {
      return;
    }
    Long before =
        deadlinesByStream
            .computeIfAbsent(streamId, id -> new ConcurrentHashMap<>())
            .put(session, now + timeToLive.toNanos());
    if (before == null) {
      sessions.incrementAndGet();
    }
  }

  /** Sessions kept in memory, expired ones that were not swept yet included. */
  int kept() {
    return sessions.get();
  }

  private void sweepWhenDue(long now) {
    long due = nextSweep.get();
    if (now - due >= 0 && nextSweep.compareAndSet(due, now + SWEEP_INTERVAL_NANOS)) {
      sweep(now);
    }
  }

  /** Counts anew while removing, so that a session lost to a race cannot leak from the total. */
  private void sweep(long now) {
    int kept = 0;
    for (String streamId : deadlinesByStream.keySet()) {
      Map<Long, Long> left =
          deadlinesByStream.computeIfPresent(
              streamId,
              (id, deadlines) -> {
                deadlines.values().removeIf(deadline -> deadline - now <= 0);
                return deadlines.isEmpty() ? null : deadlines;
              });
      kept += left == null ? 0 : left.size();
    }
    sessions.set(kept);
  }
}
