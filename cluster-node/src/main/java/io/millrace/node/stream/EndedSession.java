package io.millrace.node.stream;

import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.relay.OwnerLink;

/**
 * The relay of the session that ended last: its ingest keeps what is not durable yet until it hears
 * that all is. Confined to the stream's runner.
 */
final class EndedSession {
  private OwnerLink link;
  private long session;
  private long lastSeq;

  /**
   * @param last way to the relay that has sent its end
   * @param seq of the last unit that it sent
   */
  void over(OwnerLink last, long ofSession, long seq) {
    release();
    link = last;
    session = ofSession;
    lastSeq = seq;
  }

  /** What a later session has durable comes after all of this one. */
  void acknowledged(long ofSession, long seq) {
    if (link == null || ofSession < session) {
      return;
    }
    long reached = ofSession == session ? seq : lastSeq;
    link.acknowledge(reached);
    if (reached >= lastSeq) {
      link = null;
    }
  }

  /** Nothing of it is taken any more. */
  void end(CloseReason reason, String text) {
    if (link != null) {
      link.end(reason, text);
      link = null;
    }
  }

  /** Another owner may need what is not durable yet. */
  void release() {
    if (link != null) {
      link.release();
      link = null;
    }
  }
}
