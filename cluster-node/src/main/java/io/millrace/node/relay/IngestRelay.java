package io.millrace.node.relay;

import io.millrace.media.MediaUnit;
import io.millrace.node.ingest.PublisherControl;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.ingest.UnitSink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The units of one publish on their way to the owner. Numbers them, keeps them until they are
 * acknowledged, sends as fast as the transport takes, and sends again from where a new owner asks.
 * Called by the connection, the transport and the publisher's actor; guarded by one lock, which is
 * not held while the connection is called.
 */
final class IngestRelay implements UnitSink {

  /** Who is told that the owner was lost, ended the publish, or that all is sent. */
  interface Events {
    void ownerConnected();

    void ownerLost(RelayTransport transport);

    void endedByOwner(CloseReason reason, String text);

    void finished();
  }

  private final RelaySettings settings;
  private final PublisherControl control;
  private final Events events;
  private final RelayCounters counters;
  private final AcceptLog.OfStream log;
  private final ReentrantLock lock = new ReentrantLock();
  private final RelayBuffer buffer;
  private final Deque<RelayFrame> unsent = new ArrayDeque<>();
  private RelayTransport transport;
  private long session;
  private long nextSeq;
  private long unsentBytes;
  private boolean paused;
  private boolean closed;
  private boolean endedCleanly;
  private long declaredBitrate;

  IngestRelay(
      RelaySettings settings,
      PublisherControl control,
      Events events,
      RelayCounters counters,
      AcceptLog.OfStream log) {
    this.settings = settings;
    this.control = control;
    this.events = events;
    this.counters = counters;
    this.log = log;
    this.buffer = new RelayBuffer(settings.keepBytes(), settings.keepMedia().toMillis());
  }

  /** The transport's callbacks; a transport that was replaced is ignored. */
  final class TransportListener implements RelayTransport.Listener {
    private RelayTransport mine;
    private boolean lostEarly;

    @Override
    public void opened() {
      events.ownerConnected();
    }

    @Override
    public void writable() {
      pump();
    }

    @Override
    public void acknowledged(long seq) {
      lock.lock();
      try {
        buffer.acknowledge(seq);
        log.acknowledged(session, seq);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void ended(CloseReason reason, String text) {
      events.endedByOwner(reason, text);
    }

    @Override
    public void lost() {
      boolean resume;
      lock.lock();
      try {
        if (mine == null) {
          lostEarly = true;
        }
        if (mine == null || transport != mine) {
          return;
        }
        transport = null;
        resume = paused;
        paused = false;
      } finally {
        lock.unlock();
      }
      if (resume) {
        control.resumeReading();
      }
      events.ownerLost(mine);
    }
  }

  TransportListener newListener() {
    return new TransportListener();
  }

  /** Goes on over {@code newTransport} with the units from {@code firstSeq} on. */
  void connected(
      RelayTransport newTransport, TransportListener listener, long ofSession, long firstSeq) {
    boolean lost;
    lock.lock();
    try {
      session = ofSession;
      listener.mine = newTransport;
      lost = listener.lostEarly;
      transport = lost ? null : newTransport;
      unsent.clear();
      unsentBytes = 0;
      if (declaredBitrate > 0) {
        unsent.addLast(new RelayFrame.DeclaredBitrate(declaredBitrate));
      }
      if (firstSeq > 0) {
        buffer.configsBefore(firstSeq).forEach(this::enqueueUnit);
      }
      long oldest = buffer.firstSeq(nextSeq);
      if (oldest > firstSeq) {
        buffer.configsBefore(oldest).stream()
            .filter(c -> c.seq() >= firstSeq)
            .forEach(this::enqueueUnit);
        unsent.addLast(new RelayFrame.Dropped(firstSeq, oldest - 1));
      }
      for (MediaUnit unit : buffer.units()) {
        if (unit.seq() >= firstSeq) {
          enqueueUnit(unit);
        }
      }
      if (closed) {
        unsent.addLast(new RelayFrame.End(endedCleanly));
      }
    } finally {
      lock.unlock();
    }
    if (lost) {
      events.ownerLost(newTransport);
    }
    pump();
  }

  @Override
  public boolean offer(MediaUnit unit) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      MediaUnit numbered = unit.withSeq(nextSeq++);
      log.accepted(session, numbered);
      int evicted = buffer.append(numbered);
      enqueueUnit(numbered);
      if (evicted > 0) {
        dropUnsent();
      }
    } finally {
      lock.unlock();
    }
    pump();
    return !pauseIfBehind();
  }

  @Override
  public void declaredBitrate(long bitsPerSecond) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      declaredBitrate = bitsPerSecond;
      unsent.addLast(new RelayFrame.DeclaredBitrate(bitsPerSecond));
    } finally {
      lock.unlock();
    }
    pump();
  }

  @Override
  public void close(boolean clean) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      endedCleanly = clean;
      unsent.addLast(new RelayFrame.End(clean));
    } finally {
      lock.unlock();
    }
    pump();
  }

  /** Gives the publish up: nothing is sent any more. */
  void abandon() {
    RelayTransport last;
    lock.lock();
    try {
      closed = true;
      unsent.clear();
      unsentBytes = 0;
      last = transport;
      transport = null;
    } finally {
      lock.unlock();
    }
    if (last != null) {
      last.close();
    }
  }

  /** Bytes of media that are not acknowledged yet. */
  double keptBytes() {
    lock.lock();
    try {
      return buffer.bytes();
    } finally {
      lock.unlock();
    }
  }

  /** The same as media time, seconds. */
  double keptSeconds() {
    lock.lock();
    try {
      return buffer.mediaMs() / 1000.0;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void enqueueUnit(MediaUnit unit) {
    RelayFrame frame = new RelayFrame.Unit(unit);
    unsent.addLast(frame);
    unsentBytes += frame.sizeBytes();
  }

  /** Units that left the buffer before they were sent are replaced by one mark. */
  private void dropUnsent() {
    long oldest = buffer.firstSeq(nextSeq);
    long from = -1;
    long to = -1;
    Deque<RelayFrame> configs = new ArrayDeque<>();
    while (unsent.peekFirst() != null && isBefore(unsent.peekFirst(), oldest)) {
      RelayFrame frame = unsent.removeFirst();
      unsentBytes -= frame instanceof RelayFrame.Unit ? frame.sizeBytes() : 0;
      long first = frame instanceof RelayFrame.Unit u ? u.unit().seq() : fromOf(frame);
      from = from < 0 ? first : from;
      to = frame instanceof RelayFrame.Unit u ? u.unit().seq() : toOf(frame);
      if (frame instanceof RelayFrame.Unit u && u.unit().isConfig()) {
        configs.addLast(frame);
      }
    }
    if (from >= 0) {
      unsent.addFirst(new RelayFrame.Dropped(from, to));
      while (!configs.isEmpty()) {
        RelayFrame config = configs.removeLast();
        unsent.addFirst(config);
        unsentBytes += config.sizeBytes();
      }
      counters.dropped(to - from + 1);
    }
  }

  private static boolean isBefore(RelayFrame frame, long seq) {
    if (frame instanceof RelayFrame.Unit u) {
      return u.unit().seq() < seq;
    }
    return frame instanceof RelayFrame.Dropped;
  }

  private static long fromOf(RelayFrame frame) {
    return frame instanceof RelayFrame.Dropped d ? d.fromSeq() : -1;
  }

  private static long toOf(RelayFrame frame) {
    return frame instanceof RelayFrame.Dropped d ? d.toSeq() : -1;
  }

  private void pump() {
    boolean resume = false;
    boolean finished = false;
    lock.lock();
    try {
      while (transport != null && !unsent.isEmpty() && transport.send(unsent.peekFirst())) {
        RelayFrame sent = unsent.removeFirst();
        unsentBytes -= sent instanceof RelayFrame.Unit ? sent.sizeBytes() : 0;
        finished |= sent instanceof RelayFrame.End;
      }
      if (paused && unsentBytes <= settings.unsentBytes() / 2) {
        paused = false;
        resume = true;
      }
    } finally {
      lock.unlock();
    }
    if (resume) {
      control.resumeReading();
    }
    if (finished) {
      events.finished();
    }
  }

  /** An owner that is slow holds the broadcaster up; one that is gone does not. */
  private boolean pauseIfBehind() {
    lock.lock();
    try {
      paused = transport != null && unsentBytes > settings.unsentBytes();
      return paused;
    } finally {
      lock.unlock();
    }
  }
}
