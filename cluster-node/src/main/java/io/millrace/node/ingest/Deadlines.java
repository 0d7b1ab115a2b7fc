package io.millrace.node.ingest;

import io.millrace.media.net.SocketLoop;
import io.millrace.protocol.rtmp.RtmpServerSession;
import java.time.Duration;

/**
 * How long one connection may take for each of its phases, and when it is pinged. One timer of the
 * loop, which is not moved when bytes come: it looks again when it fires. Confined to the loop's
 * thread.
 */
final class Deadlines {
  /** Who acts on it; called on the loop's thread. */
  interface Listener {
    void overdue(CloseCause cause, String reason);

    void pingDue(long nowNanos);
  }

  private enum Phase {
    HANDSHAKE,
    CONNECT,
    PUBLISH,
    MEDIA
  }

  private static final long PING_NANOS = Duration.ofSeconds(30).toNanos();

  private final RtmpSettings settings;
  private final SocketLoop loop;
  private final RtmpServerSession session;
  private final Listener listener;
  private Phase phase = Phase.HANDSHAKE;
  private long phaseNanos;
  private long receivedNanos;
  private long pingedNanos;
  private boolean reading = true;
  private boolean over;
  private SocketLoop.Timer timer;

  Deadlines(
      RtmpSettings settings,
      SocketLoop loop,
      RtmpServerSession session,
      long nowNanos,
      Listener listener) {
    this.settings = settings;
    this.loop = loop;
    this.session = session;
    this.listener = listener;
    this.phaseNanos = nowNanos;
    this.receivedNanos = nowNanos;
    this.pingedNanos = nowNanos;
  }

  void received(long nowNanos) {
    receivedNanos = nowNanos;
  }

  /** Silence counts only while the socket is read. */
  void reading(boolean isRead) {
    if (isRead && !reading) {
      receivedNanos = System.nanoTime();
    }
    reading = isRead;
  }

  /** Looks how far the session has got. */
  void follow() {
    Phase now = Phase.MEDIA;
    if (!session.handshaken()) {
      now = Phase.HANDSHAKE;
    } else if (!session.connected()) {
      now = Phase.CONNECT;
    } else if (!session.publishing()) {
      now = Phase.PUBLISH;
    }
    if (now != phase) {
      phase = now;
      phaseNanos = System.nanoTime();
    }
  }

  /** The peer sends media and waits for no answer. */
  boolean inMedia() {
    return phase == Phase.MEDIA;
  }

  /** Makes sure that the timer fires in time for what is due next. */
  void arm() {
    if (over) {
      return;
    }
    long at = deadlineNanos();
    if (session.connected() && pingedNanos + PING_NANOS - at < 0) {
      at = pingedNanos + PING_NANOS;
    }
    if (timer == null || at - timer.atNanos() < 0) {
      if (timer != null) {
        timer.cancel();
      }
      timer = loop.schedule(at, this::onTimer);
    }
  }

  /** The connection has ended. */
  void cancel() {
    over = true;
    if (timer != null) {
      timer.cancel();
    }
  }

  private long deadlineNanos() {
    return switch (phase) {
      case HANDSHAKE -> phaseNanos + settings.handshakeTimeout().toNanos();
      case CONNECT -> phaseNanos + settings.connectTimeout().toNanos();
      case PUBLISH -> phaseNanos + settings.publishTimeout().toNanos();
      case MEDIA ->
          (reading ? receivedNanos : System.nanoTime()) + settings.readTimeout().toNanos();
    };
  }

  private void onTimer() {
    timer = null;
    long now = System.nanoTime();
    if (now - deadlineNanos() >= 0) {
      overdue();
      return;
    }
    if (session.connected() && now - pingedNanos >= PING_NANOS) {
      pingedNanos = now;
      listener.pingDue(now);
    }
    arm();
  }

  private void overdue() {
    switch (phase) {
      case HANDSHAKE ->
          listener.overdue(
              CloseCause.HANDSHAKE_TIMEOUT, "no handshake in " + settings.handshakeTimeout());
      case CONNECT ->
          listener.overdue(
              CloseCause.CONNECT_TIMEOUT, "no connect in " + settings.connectTimeout());
      case PUBLISH ->
          listener.overdue(
              CloseCause.PUBLISH_TIMEOUT, "no publish in " + settings.publishTimeout());
      case MEDIA ->
          listener.overdue(CloseCause.READ_TIMEOUT, "no bytes in " + settings.readTimeout());
    }
  }
}
