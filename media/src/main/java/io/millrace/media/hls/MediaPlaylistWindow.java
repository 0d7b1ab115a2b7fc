package io.millrace.media.hls;

import io.millrace.media.SegmentRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The sliding window of one rendition: appends segments, removes them from the front, counts
 * EXT-X-MEDIA-SEQUENCE and EXT-X-DISCONTINUITY-SEQUENCE, and says until when a removed segment
 * stays fetchable (RFC 8216bis §6.2.2).
 *
 * <p>Owned by one actor, confined to its thread. Times are of the owner's monotonic clock, ms. What
 * a restart needs is {@link #state()}.
 */
public final class MediaPlaylistWindow {

  /**
   * Audio and video segments of the same number differ by up to a frame; within this slack all
   * renditions remove at the same number.
   */
  private static final double SLACK_SECONDS = 0.5;

  private final WindowSettings settings;
  private final int targetDurationSeconds;
  private final Deque<Listed> listed = new ArrayDeque<>();
  private final Deque<Held> retained = new ArrayDeque<>();
  private long nextMsn;
  private long discontinuitySequence;
  private boolean ended;

  private MediaPlaylistWindow(
      WindowSettings settings, int targetDurationSeconds, WindowState state, long nowMs) {
    this.settings = settings;
    this.targetDurationSeconds = targetDurationSeconds;
    this.nextMsn = state.nextMsn();
    this.discontinuitySequence = state.discontinuitySequence();
    this.ended = state.ended();
    state.listed().forEach(ref -> listed.addLast(new Listed(ref)));
    state.retained().forEach(r -> retained.addLast(new Held(r, nowMs + r.holdMs())));
    noteDistributed();
  }

  /**
   * A window that goes on from {@code state}; the hold time of retained segments starts anew, which
   * is never too short.
   */
  public static MediaPlaylistWindow of(
      WindowSettings settings, int targetDurationSeconds, WindowState state, long nowMs) {
    return new MediaPlaylistWindow(settings, targetDurationSeconds, state, nowMs);
  }

  /**
   * Adds the next segment and removes what has left the window.
   *
   * @throws IllegalArgumentException if the segment's number is not {@link #nextMsn()}
   * @throws IllegalStateException after {@link #end()}
   */
  public void append(SegmentRef ref, long nowMs) {
    if (ended) {
      throw new IllegalStateException("segment " + ref.msn() + " after ENDLIST");
    }
    if (ref.msn() != nextMsn) {
      throw new IllegalArgumentException("msn: " + ref.msn() + " (expected: " + nextMsn + ")");
    }
    listed.addLast(new Listed(ref));
    nextMsn++;
    while (mayRemoveFirst()) {
      removeFirst(nowMs);
    }
    noteDistributed();
  }

  /** The playlist gets ENDLIST and never changes again. */
  public void end() {
    ended = true;
  }

  /** Forgets and returns what need not be fetchable any more at {@code nowMs}. */
  public ExpiredObjects expire(long nowMs) {
    List<SegmentRef> gone = new ArrayList<>();
    while (!retained.isEmpty() && retained.peekFirst().untilMs() <= nowMs) {
      gone.add(retained.removeFirst().segment().ref());
    }
    Set<String> needed = referredInits();
    Set<String> inits = new LinkedHashSet<>();
    gone.stream()
        .map(SegmentRef::initName)
        .filter(n -> !n.isEmpty() && !needed.contains(n))
        .forEach(inits::add);
    return new ExpiredObjects(
        gone.stream().filter(ref -> !ref.gap()).map(SegmentRef::name).toList(), List.copyOf(inits));
  }

  public long nextMsn() {
    return nextMsn;
  }

  public long mediaSequence() {
    return nextMsn - listed.size();
  }

  public long discontinuitySequence() {
    return discontinuitySequence;
  }

  public boolean ended() {
    return ended;
  }

  public int targetDurationSeconds() {
    return targetDurationSeconds;
  }

  public List<SegmentRef> listed() {
    return listed.stream().map(l -> l.ref).toList();
  }

  public WindowState state() {
    return new WindowState(
        nextMsn,
        discontinuitySequence,
        ended,
        listed(),
        retained.stream().map(Held::segment).toList());
  }

  private boolean mayRemoveFirst() {
    double seconds = durationSeconds();
    double left = seconds - listed.getFirst().ref.durationSeconds();
    return seconds > settings.window().toMillis() / 1000.0 + SLACK_SECONDS
        && listed.size() > settings.minSegments()
        && left >= WindowSettings.MIN_TARGET_DURATIONS * (double) targetDurationSeconds;
  }

  private void removeFirst(long nowMs) {
    Listed first = listed.removeFirst();
    if (first.ref.discontinuity()) {
      discontinuitySequence++;
    }
    long holdMs = (long) Math.ceil((first.ref.durationSeconds() + first.longestSeconds) * 1000);
    retained.addLast(new Held(new RetainedSegment(first.ref, holdMs), nowMs + holdMs));
  }

  private void noteDistributed() {
    double seconds = durationSeconds();
    listed.forEach(l -> l.longestSeconds = Math.max(l.longestSeconds, seconds));
  }

  private double durationSeconds() {
    return listed.stream().mapToDouble(l -> l.ref.durationSeconds()).sum();
  }

  private Set<String> referredInits() {
    Set<String> names = new HashSet<>();
    listed.forEach(l -> names.add(l.ref.initName()));
    retained.forEach(h -> names.add(h.segment().ref().initName()));
    return names;
  }

  private static final class Listed {
    private final SegmentRef ref;
    private double longestSeconds;

    private Listed(SegmentRef ref) {
      this.ref = ref;
    }
  }

  private record Held(RetainedSegment segment, long untilMs) {}
}
