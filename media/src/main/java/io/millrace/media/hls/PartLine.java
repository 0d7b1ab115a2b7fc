package io.millrace.media.hls;

import io.millrace.media.MediaPart;
import io.millrace.media.PartRef;
import io.millrace.media.SegmentRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parts of segments that are not whole yet, and the names of those that have left the playlist
 * and stay fetchable. Parts of a segment are listed while it is the next one; those of later
 * segments wait. Confined like its {@link MediaPlaylistWindow}.
 */
final class PartLine {

  private static final String GAP = "#EXT-X-GAP\n";

  /** A segment whose parts come in. */
  static final class Open {
    private final MediaPart.Parent parent;
    private final List<PartRef> parts = new ArrayList<>();
    private final StringBuilder lines = new StringBuilder();
    private boolean last;
    private boolean withdrawn;

    private Open(MediaPart.Parent parent) {
      this.parent = parent;
    }

    MediaPart.Parent parent() {
      return parent;
    }

    /** The EXT-X-PART lines, each with its end. */
    CharSequence lines() {
      return lines;
    }

    List<PartRef> parts() {
      return parts;
    }

    int count() {
      return parts.size();
    }

    /**
     * What is missing of the segment becomes gaps; EXT-X-GAP stands behind the first of them (RFC
     * 8216bis §4.4.4.7). None is longer than the first part.
     */
    private void fillUpTo(SegmentRef segment) {
      PartRef first = parts.get(0);
      long missing =
          segment.durationTicks() - parts.stream().mapToLong(PartRef::durationTicks).sum();
      boolean said = false;
      while (missing > 0) {
        long ticks = Math.min(missing, first.durationTicks());
        PartRef gap = first.gapAt(parts.size(), ticks);
        parts.add(gap);
        lines.append(PartTag.part(gap)).append('\n').append(said ? "" : GAP);
        said = true;
        missing -= ticks;
      }
      lines.append(said ? "" : GAP);
    }

    double durationSeconds() {
      return parts.stream().mapToDouble(PartRef::durationSeconds).sum();
    }
  }

  private record Held(String name, long untilMs) {}

  private final TreeMap<Long, Open> open = new TreeMap<>();
  private final Deque<Held> held = new ArrayDeque<>();
  private long firstMsn = 1;

  /** Segments before this one have no parts. */
  void expectFrom(long msn) {
    firstMsn = msn;
  }

  /** The first part of all is the next thing behind this segment, and is not there yet. */
  boolean beginBehind(long msn) {
    return msn + 1 == firstMsn && at(firstMsn) == null;
  }

  void add(PartRef ref, MediaPart.Parent parent, boolean last) {
    if (ref.index() == 0) {
      open.put(ref.msn(), new Open(parent));
    }
    Open segment = open.get(ref.msn());
    if (segment == null || segment.withdrawn) {
      return;
    }
    if (segment.parts.size() != ref.index()) {
      segment.withdrawn = true;
      return;
    }
    segment.parts.add(ref);
    segment.lines.append(PartTag.part(ref)).append('\n');
    segment.last = last;
  }

  void withdraw(long msn) {
    Open segment = open.get(msn);
    if (segment != null) {
      segment.withdrawn = true;
    }
  }

  /** The listed parts of the segment that comes next, or null. */
  Open at(long nextMsn) {
    Open next = open.get(nextMsn);
    return next == null || next.parts.isEmpty() ? null : next;
  }

  /**
   * The segment is whole; null: it has no parts. Parts that are not of it stay fetchable. Of a gap
   * those that are listed stay, and what is missing is a gap, too.
   */
  Open take(SegmentRef segment, long holdUntilMs) {
    long msn = segment.msn();
    Open taken = open.remove(msn);
    open.headMap(msn).clear();
    if (taken != null && segment.gap() && !taken.parts.isEmpty()) {
      taken.fillUpTo(segment);
      return taken;
    }
    if (taken != null && taken.withdrawn) {
      hold(taken.parts, holdUntilMs);
    }
    return taken == null || taken.withdrawn ? null : taken;
  }

  void hold(List<PartRef> parts, long untilMs) {
    parts.forEach(part -> held.addLast(new Held(part.name(), untilMs)));
  }

  List<String> expire(long nowMs) {
    List<String> gone = new ArrayList<>();
    while (!held.isEmpty() && held.peekFirst().untilMs <= nowMs) {
      gone.add(held.removeFirst().name);
    }
    return gone;
  }

  List<String> heldNames() {
    return held.stream().map(Held::name).toList();
  }

  /**
   * @param previousHasParts the segment before the next one has parts
   */
  Optional<String> hint(long epoch, long nextMsn, boolean previousHasParts) {
    Open next = at(nextMsn);
    if (next == null) {
      boolean expected = nextMsn == firstMsn || (nextMsn > firstMsn && previousHasParts);
      return expected ? Optional.of(PartRef.name(epoch, nextMsn, 0)) : Optional.empty();
    }
    if (next.withdrawn) {
      return Optional.empty();
    }
    return Optional.of(
        next.last
            ? PartRef.name(epoch, nextMsn + 1, 0)
            : PartRef.name(epoch, nextMsn, next.parts.size()));
  }
}
