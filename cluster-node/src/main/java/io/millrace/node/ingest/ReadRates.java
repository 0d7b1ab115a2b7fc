package io.millrace.node.ingest;

import io.millrace.protocol.rtmp.RtmpServerSession;

/** Holds one connection to its bytes and messages per second. Confined to the loop's thread. */
final class ReadRates {
  private final RtmpServerSession session;
  private final RateGuard byteRate;
  private final RateGuard messageRate;
  private long messages;

  ReadRates(RtmpSettings settings, RtmpServerSession session, long nowNanos) {
    this.session = session;
    double window = RtmpSettings.RATE_WINDOW.toSeconds();
    this.byteRate = new RateGuard(settings.maxBitsPerSecond() / 8.0, window, nowNanos);
    this.messageRate = new RateGuard(settings.maxMessagesPerSecond(), window, nowNanos);
  }

  /** Takes what was read. Returns the nanoseconds to wait before reading on, 0 for none. */
  long take(int bytes, long nowNanos) {
    long count = session.messages() - messages;
    messages += count;
    return Math.max(byteRate.take(bytes, nowNanos), messageRate.take((double) count, nowNanos));
  }

  /** Nanoseconds since a rate was exceeded without having recovered since. */
  long overNanos(long nowNanos) {
    return Math.max(byteRate.overNanos(nowNanos), messageRate.overNanos(nowNanos));
  }
}
