package io.millrace.node.relay;

import io.millrace.media.MediaUnit;
import io.millrace.node.ingest.PublisherControl;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.ingest.UnitSink;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The units of one publish on their way to the owner. Numbers them, keeps them until they are
 * acknowledged, also after the publisher's end, sends as fast as the transport takes, and sends
 * again from where a new owner asks. Called by the connection, the transport, the publisher's actor
 * and the disk; guarded by one lock, which is not held while the connection is called.
 */
final class IngestRelay implements UnitSink {

  /** Who is told that the owner was lost, ended the publish, or has all of it durable. */
  interface Events {
    void ownerConnected();

    void ownerLost();

    /** Once after {@link #tellNextAcknowledgement}. */
    void acknowledged();

    void endedByOwner(CloseReason reason, String text);

    /** All was sent, the end too; what is not durable yet is kept. */
    void endSent();

    /** Once: all was sent, and the owner needs nothing of it any more. */
    void finished();
  }

  private final RelaySettings settings;
  private final PublisherControl control;
  private final Events events;
  private final AcceptLog.OfStream log;
  private final ReentrantLock lock = new ReentrantLock();
  private final RelayBuffer buffer;
  private final RelayCursor cursor;
  private final AtomicBoolean tellAcknowledged = new AtomicBoolean();
  private RelayTransport transport;
  private long session;
  private long nextSeq;
  private boolean paused;
  private boolean closed;
  private boolean finished;

  IngestRelay(
      RelaySettings settings,
      PublisherControl control,
      Events events,
      RelayNode node,
      String streamId) {
    this.settings = settings;
    this.control = control;
    this.events = events;
    this.log = node.log().of(streamId);
    this.buffer = new RelayBuffer(settings, node.spill(), this::locked);
    this.cursor = new RelayCursor(buffer, node.counters(), this::pump);
  }

  private void locked(Runnable task) {
    lock.lock();
    try {
      task.run();
    } finally {
      lock.unlock();
    }
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
      boolean over;
      lock.lock();
      try {
        buffer.acknowledge(seq);
        log.acknowledged(session, seq);
        over = isFinishedNow();
      } finally {
        lock.unlock();
      }
      if (tellAcknowledged.getAndSet(false)) {
        events.acknowledged();
      }
      if (over) {
        events.finished();
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
      events.ownerLost();
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
      cursor.moveTo(firstSeq, nextSeq);
    } finally {
      lock.unlock();
    }
    if (lost) {
      events.ownerLost();
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
      cursor.added(numbered);
      buffer.append(numbered);
    } finally {
      lock.unlock();
    }
    pump();
    return !pauseIfBehind();
  }

  @Override
  public void declaredBitrate(long bitsPerSecond) {
    locked(() -> cursor.declared(bitsPerSecond));
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
      cursor.end(clean);
    } finally {
      lock.unlock();
    }
    pump();
  }

  /** The publisher has gone: nothing follows what was offered. */
  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is only now that nothing is left to keep. */
  private boolean isFinishedNow() {
    boolean over = cursor.endSent() && buffer.acknowledgedSeq() >= nextSeq - 1;
    boolean now = over && !finished;
    finished |= over;
    return now;
  }

  /** Gives the publish up: nothing is sent any more. */
  void abandon() {
    RelayTransport last;
    lock.lock();
    try {
      closed = true;
      last = transport;
      transport = null;
      buffer.close();
    } finally {
      lock.unlock();
    }
    if (last != null) {
      last.close();
    }
  }

  /** {@link Events#acknowledged} is called at the next one. */
  void tellNextAcknowledgement() {
    tellAcknowledged.set(true);
  }

  /** Bytes of media that are not acknowledged yet, in memory and on disk. */
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

  private void pump() {
    boolean resume = false;
    boolean ended = false;
    boolean over;
    lock.lock();
    try {
      Optional<RelayFrame> next = next();
      while (next.isPresent() && transport.send(next.get())) {
        cursor.sent(next.get());
        ended |= next.get() instanceof RelayFrame.End;
        next = next();
      }
      if (paused && cursor.unsentBytes() <= settings.unsentBytes() / 2) {
        paused = false;
        resume = true;
      }
      over = ended && isFinishedNow();
    } finally {
      lock.unlock();
    }
    if (resume) {
      control.resumeReading();
    }
    if (ended) {
      events.endSent();
    }
    if (over) {
      events.finished();
    }
  }

  private Optional<RelayFrame> next() {
    return transport == null ? Optional.empty() : cursor.next(nextSeq);
  }

  /**
   * An owner that is slow holds the broadcaster up; one that is gone does not. A pause lasts until
   * {@link #pump} or a lost transport ends it.
   */
  private boolean pauseIfBehind() {
    lock.lock();
    try {
      paused |= transport != null && cursor.unsentBytes() > settings.unsentBytes();
      return paused;
    } finally {
      lock.unlock();
    }
  }
}
