package io.millrace.media.hls;

import io.millrace.media.MediaPart;
import io.millrace.media.PartRef;
import io.millrace.media.SegmentRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sliding window of one rendition: appends segments, removes them from the front, counts
 * EXT-X-MEDIA-SEQUENCE and EXT-X-DISCONTINUITY-SEQUENCE, and says until when a removed segment
 * stays fetchable (RFC 8216bis §6.2.2).
 *
 * <p>Parts (RFC 8216bis: Partial Segments) of the segment that comes next are listed behind the
 * last whole one; they are not part of the state.
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

  /** CAN-SKIP-UNTIL, RFC 8216bis §4.4.3.8: at least six. */
  static final int SKIP_TARGET_DURATIONS = 6;

  /** RFC 8216bis §6.2.2: parts older than this are not listed, and stay fetchable as long again. */
  private static final int PART_TARGET_DURATIONS = 3;

  private final WindowSettings settings;
  private final int targetDurationSeconds;
  private final int partTargetMillis;
  private final Deque<ListedSegment> listed = new ArrayDeque<>();
  private final Deque<Held> retained = new ArrayDeque<>();
  private final PartLine parts = new PartLine();
  private long nextMsn;
  private long discontinuitySequence;
  private boolean ended;

  private MediaPlaylistWindow(
      WindowSettings settings,
      int targetDurationSeconds,
      int partTargetMillis,
      WindowState state,
      long nowMs) {
    this.settings = settings;
    this.targetDurationSeconds = targetDurationSeconds;
    this.partTargetMillis = partTargetMillis;
    this.nextMsn = state.nextMsn();
    this.discontinuitySequence = state.discontinuitySequence();
    this.ended = state.ended();
    state.listed().forEach(ref -> listed.addLast(new ListedSegment(ref)));
    state.retained().forEach(r -> retained.addLast(new Held(r, nowMs + r.holdMs())));
    noteDistributed();
  }

  /**
   * A window that goes on from {@code state}; the hold time of retained segments starts anew, which
   * is never too short.
   */
  public static MediaPlaylistWindow of(
      WindowSettings settings, int targetDurationSeconds, WindowState state, long nowMs) {
    return new MediaPlaylistWindow(settings, targetDurationSeconds, 0, state, nowMs);
  }

  /**
   * The same with parts.
   *
   * @param partTargetMillis PART-TARGET, ms; 0: without
   */
  public static MediaPlaylistWindow withParts(
      WindowSettings settings,
      int targetDurationSeconds,
      int partTargetMillis,
      WindowState state,
      long nowMs) {
    return new MediaPlaylistWindow(settings, targetDurationSeconds, partTargetMillis, state, nowMs);
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
    ListedSegment segment = new ListedSegment(ref);
    PartLine.Open whole = parts.take(ref, nowMs + partHoldMs());
    if (whole != null) {
      segment.parts(whole);
    }
    listed.addLast(segment);
    nextMsn++;
    dropOldParts(nowMs);
    while (mayRemoveFirst()) {
      removeFirst(nowMs);
    }
    noteDistributed();
  }

  /**
   * Adds a part. One of a later segment than the next waits for the segments before it; one of a
   * segment that is listed already is left out.
   *
   * @param last no part of its segment follows
   * @return it is listed now
   */
  public boolean add(PartRef ref, MediaPart.Parent parent, boolean last, long nowMs) {
    if (ended || partTargetMillis == 0 || ref.msn() < nextMsn) {
      return false;
    }
    parts.add(ref, parent, last);
    dropOldParts(nowMs);
    return ref.msn() == nextMsn;
  }

  /** The segment comes whole: the parts that were made of it are not of it. */
  public void withdrawParts(long msn) {
    parts.withdraw(msn);
  }

  /** Segments before this one come without parts. */
  public void expectPartsFrom(long msn) {
    parts.expectFrom(msn);
  }

  /**
   * How long the whole segment behind which parts begin is best kept back, ms: until there is one.
   * A player that sees no part at all (hls.js) asks for the next whole segment. 0: list it at once.
   */
  public long keepBackMs(long msn) {
    return partTargetMillis > 0 && parts.beginBehind(msn) ? 2L * partTargetMillis : 0;
  }

  /**
   * Parts that need not be fetchable any more at {@code nowMs}; forgets and returns their names.
   */
  public List<String> expireParts(long nowMs) {
    return parts.expire(nowMs);
  }

  /** Names of all parts that may be fetched. */
  public List<String> partNames() {
    List<String> names = new ArrayList<>(parts.heldNames());
    listed.forEach(segment -> segment.parts().forEach(part -> names.add(part.name())));
    open().ifPresent(o -> o.parts().forEach(part -> names.add(part.name())));
    return names;
  }

  /** Name of the part that comes next; empty: none is known to come. */
  public Optional<String> hint(long epoch) {
    if (ended || partTargetMillis == 0) {
      return Optional.empty();
    }
    boolean before = !listed.isEmpty() && listed.getLast().leadsToParts();
    return parts.hint(epoch, nextMsn, before);
  }

  /** How far it goes, as other renditions report it; nothing before the first segment. */
  public Optional<RenditionReport> report(String rendition) {
    if (open().isPresent()) {
      return Optional.of(new RenditionReport(rendition, nextMsn, lastPart()));
    }
    if (listed.isEmpty()) {
      return Optional.empty();
    }
    int lastOfWhole = Math.max(0, wholeParts() - 1);
    return Optional.of(new RenditionReport(rendition, nextMsn - 1, lastOfWhole));
  }

  /** Index of the newest listed part of the segment that comes next, -1 when it has none. */
  public int lastPart() {
    return open().map(o -> o.count() - 1).orElse(-1);
  }

  /** Listed parts of the newest whole segment. */
  public int wholeParts() {
    return listed.isEmpty() ? 0 : listed.getLast().parts().size();
  }

  /** The init segment of the listed parts of the segment that comes next. */
  public Optional<String> openInitName() {
    return open().map(o -> o.parent().initName());
  }

  /** The segment that comes next, when parts of it are listed. */
  Optional<PartLine.Open> open() {
    return ended ? Optional.empty() : Optional.ofNullable(parts.at(nextMsn));
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

  /** PART-TARGET, ms; 0: without parts. */
  public int partTargetMillis() {
    return partTargetMillis;
  }

  public List<SegmentRef> listed() {
    return listed.stream().map(ListedSegment::ref).toList();
  }

  List<ListedSegment> segments() {
    return List.copyOf(listed);
  }

  /** Segments at the front that a delta update may leave out. */
  int skippable() {
    double left = durationSeconds() + openSeconds();
    int count = 0;
    for (ListedSegment segment : listed) {
      left -= segment.seconds();
      if (left < SKIP_TARGET_DURATIONS * (double) targetDurationSeconds) {
        break;
      }
      count++;
    }
    return count;
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
    double left = seconds - listed.getFirst().seconds();
    return seconds > settings.window().toMillis() / 1000.0 + SLACK_SECONDS
        && listed.size() > settings.minSegments()
        && left >= WindowSettings.MIN_TARGET_DURATIONS * (double) targetDurationSeconds;
  }

  private void removeFirst(long nowMs) {
    ListedSegment first = listed.removeFirst();
    if (first.ref().discontinuity()) {
      discontinuitySequence++;
    }
    long holdMs = first.holdMs();
    parts.hold(first.parts(), nowMs + partHoldMs());
    retained.addLast(new Held(new RetainedSegment(first.ref(), holdMs), nowMs + holdMs));
  }

  /** By its first part: how far it is from the end of the playlist. */
  private void dropOldParts(long nowMs) {
    double age = openSeconds();
    for (Iterator<ListedSegment> newest = listed.descendingIterator(); newest.hasNext(); ) {
      ListedSegment segment = newest.next();
      age += segment.seconds();
      if (age > PART_TARGET_DURATIONS * (double) targetDurationSeconds
          && !segment.parts().isEmpty()) {
        parts.hold(segment.parts(), nowMs + partHoldMs());
        segment.dropParts();
      }
    }
  }

  private long partHoldMs() {
    return PART_TARGET_DURATIONS * 1000L * targetDurationSeconds;
  }

  private double openSeconds() {
    return open().map(PartLine.Open::durationSeconds).orElse(0.0);
  }

  private void noteDistributed() {
    double seconds = durationSeconds();
    listed.forEach(segment -> segment.distributed(seconds));
  }

  private double durationSeconds() {
    return listed.stream().mapToDouble(ListedSegment::seconds).sum();
  }

  private Set<String> referredInits() {
    Set<String> names = new HashSet<>();
    listed.forEach(segment -> names.add(segment.ref().initName()));
    open().ifPresent(o -> names.add(o.parent().initName()));
    retained.forEach(h -> names.add(h.segment().ref().initName()));
    return names;
  }

  private record Held(RetainedSegment segment, long untilMs) {}
}
