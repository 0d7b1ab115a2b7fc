package io.millrace.node.relay;

import io.millrace.media.MediaUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * How far one relay has sent: which frame the owner gets next. Not thread-safe; guarded by the
 * relay's lock.
 */
final class RelayCursor {
  private final RelayBuffer buffer;
  private final RelayCounters counters;
  private final Runnable onLoaded;

  /** What goes before the unit at the cursor; short. */
  private final Deque<RelayFrame> ahead = new ArrayDeque<>();

  private Optional<RelayFrame> declared = Optional.empty();
  private Optional<RelayFrame> end = Optional.empty();
  private long seq;
  private long sentSeq = -1;
  private long unsentBytes;
  private boolean endSent;

  /**
   * @param onLoaded runs when a unit that was on disk can be sent
   */
  RelayCursor(RelayBuffer buffer, RelayCounters counters, Runnable onLoaded) {
    this.buffer = buffer;
    this.counters = counters;
    this.onLoaded = onLoaded;
  }

  /** A new owner wants everything from {@code firstSeq} on. */
  void moveTo(long firstSeq, long nextSeq) {
    seq = Math.min(firstSeq, nextSeq);
    unsentBytes = buffer.bytesFrom(seq);
    ahead.clear();
    declared.ifPresent(ahead::addLast);
    if (firstSeq > 0) {
      buffer.configsBefore(seq).forEach(c -> ahead.addLast(new RelayFrame.Unit(c)));
    }
    endSent = false;
  }

  /** The publisher sent one more, before the buffer takes it. */
  void added(MediaUnit unit) {
    unsentBytes += unit.payload().length;
  }

  void declared(long bitsPerSecond) {
    RelayFrame frame = new RelayFrame.DeclaredBitrate(bitsPerSecond);
    ahead.removeIf(RelayFrame.DeclaredBitrate.class::isInstance);
    ahead.addLast(frame);
    declared = Optional.of(frame);
  }

  /** Nothing is added any more. */
  void end(boolean clean) {
    end = Optional.of(new RelayFrame.End(clean));
  }

  /** The next frame, the same one until it is {@link #sent}; empty when there is none now. */
  Optional<RelayFrame> next(long nextSeq) {
    skipDropped(nextSeq);
    if (!ahead.isEmpty()) {
      return Optional.of(ahead.peekFirst());
    }
    if (seq >= nextSeq) {
      return endSent ? Optional.empty() : end;
    }
    Optional<MediaUnit> unit = buffer.unit(seq);
    if (unit.isEmpty()) {
      buffer.load(seq, onLoaded);
    }
    return unit.map(RelayFrame.Unit::new);
  }

  /** Units that left the buffer before they were sent are replaced by one mark. */
  private void skipDropped(long nextSeq) {
    long oldest = buffer.firstSeq(nextSeq);
    if (oldest <= seq) {
      return;
    }
    long from = seq;
    List<MediaUnit> configs =
        buffer.configsBefore(oldest).stream().filter(c -> c.seq() >= from).toList();
    configs.forEach(c -> ahead.addLast(new RelayFrame.Unit(c)));
    boolean goesOn = configs.isEmpty() && ahead.peekLast() instanceof RelayFrame.Dropped;
    long first = goesOn ? ((RelayFrame.Dropped) ahead.removeLast()).fromSeq() : from;
    ahead.addLast(new RelayFrame.Dropped(first, oldest - 1));
    counters.dropped(Math.max(0, oldest - Math.max(from, buffer.acknowledgedSeq() + 1)));
    seq = oldest;
    unsentBytes = buffer.bytesFrom(seq);
  }

  void sent(RelayFrame frame) {
    if (frame == ahead.peekFirst()) {
      ahead.removeFirst();
    } else if (frame instanceof RelayFrame.Unit unit) {
      unsentBytes -= unit.unit().payload().length;
      buffer.sent(seq);
      if (seq <= sentSeq) {
        counters.replayed();
      }
      sentSeq = Math.max(sentSeq, seq);
      seq++;
    } else {
      endSent = true;
    }
  }

  /** The owner has been told that nothing follows. */
  boolean endSent() {
    return endSent;
  }

  /** Payload that waits for the owner. */
  long unsentBytes() {
    return unsentBytes;
  }
}
