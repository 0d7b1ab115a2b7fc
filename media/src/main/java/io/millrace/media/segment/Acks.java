package io.millrace.media.segment;

import java.util.HashMap;
import java.util.Map;

/** Which segments are stored and durable, and which of the relay's units nobody needs any more. */
final class Acks {
  private final Context context;
  private final Renditions renditions;
  private final Map<String, Long> stored = new HashMap<>();
  private final Map<String, Long> durable = new HashMap<>();
  private long session = -1;
  private long seq = -1;

  Acks(Context context, Renditions renditions) {
    this.context = context;
    this.renditions = renditions;
  }

  void restore() {
    for (RenditionLine line : renditions.lines()) {
      stored.put(line.name(), line.nextMsn());
      durable.put(line.name(), line.nextMsn());
    }
  }

  void stored(String rendition, long msn) {
    stored.merge(rendition, msn + 1, Math::max);
  }

  /**
   * @param newest the running or last session, whose units are all needed no more once everything
   *     is durable and nothing is open
   */
  void durable(String rendition, long msn, Session newest) {
    stored(rendition, msn);
    durable.merge(rendition, msn + 1, Math::max);
    long next = least(durable);
    context.spans.trim(Math.min(next, least(stored)));
    Span span = context.spans.get(next);
    if (span != null) {
      acknowledge(span.session, neededSeq(span) - 1);
    } else if (newest != null && newest.closedAtMsn == next) {
      acknowledge(newest.id, newest.lastSeq);
    }
  }

  /** The session is over: when all of it is durable, its last units are needed no more. */
  void ended(Session over) {
    long next = least(durable);
    if (context.spans.get(next) == null && over.closedAtMsn == next) {
      acknowledge(over.id, over.lastSeq);
    }
  }

  private void acknowledge(long ofSession, long upTo) {
    if (upTo >= 0 && (ofSession > session || (ofSession == session && upTo > seq))) {
      session = ofSession;
      seq = upTo;
      context.output.acknowledged(session, seq);
    }
  }

  /** First unit that a replay starting with this span needs. */
  static long neededSeq(Span span) {
    long needed = span.resume.seq();
    if (span.audioSeq >= 0) {
      needed = Math.min(needed, span.audioSeq);
    }
    if (span.prerollSeq >= 0) {
      needed = Math.min(needed, span.prerollSeq);
    }
    return Math.max(0, needed);
  }

  private long least(Map<String, Long> next) {
    return renditions.lines().stream()
        .mapToLong(line -> next.getOrDefault(line.name(), context.settings.firstMsn()))
        .min()
        .orElse(context.settings.firstMsn());
  }

  long nextStored(String rendition) {
    return stored.getOrDefault(rendition, context.settings.firstMsn());
  }

  long nextStored() {
    return least(stored);
  }
}
