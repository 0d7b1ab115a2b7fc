package io.millrace.protocol.relay;

/** One frame of the data port. Byte arrays are not copied and not compared by content. */
public sealed interface RelayMessage {

  /**
   * First frame of an ingest.
   *
   * @param nonce random, {@link RelayLimits#KEY_BYTES}
   * @param node name of the ingest's node
   * @param stream id of the stream, with {@code epoch} and {@code session} the lease that the owner
   *     has granted
   */
  record Hello(byte[] nonce, String node, String stream, long epoch, long session)
      implements RelayMessage {}

  /**
   * The owner's answer to {@link Hello}.
   *
   * @param node name of the owner's node
   * @param proof by {@link RelayProofs#owner}
   */
  record Challenge(byte[] nonce, String node, byte[] proof) implements RelayMessage {}

  /**
   * The ingest's answer to {@link Challenge}.
   *
   * @param proof by {@link RelayProofs#ingest}
   */
  record Proof(byte[] proof) implements RelayMessage {}

  /** The owner takes the relay; units may follow. */
  record Welcome() implements RelayMessage {}

  /** The owner does not; nothing follows. */
  record Refused(String text) implements RelayMessage {}

  /** A frame of an open relay. */
  sealed interface InSession extends RelayMessage {
    long epoch();

    long session();
  }

  /**
   * Ingest to owner: one media unit.
   *
   * @param seq number within the session, from 0
   * @param codec code of the codec, which implies the track
   * @param flags {@link #CONFIG}, {@link #IDR}
   * @param generation of the track's configuration
   * @param dtsMs decode time in the publisher's clock
   * @param compositionOffsetMs PTS − DTS, signed
   */
  record Unit(
      long epoch,
      long session,
      long seq,
      int codec,
      int flags,
      int generation,
      long dtsMs,
      int compositionOffsetMs,
      byte[] payload)
      implements InSession {
    public static final int CONFIG = 1;
    public static final int IDR = 2;
  }

  /** Ingest to owner: the units of these numbers were given up; inclusive. */
  record Dropped(long epoch, long session, long fromSeq, long toSeq) implements InSession {}

  /** Ingest to owner: what the publisher declared, bit/s. */
  record DeclaredBitrate(long epoch, long session, long bitsPerSecond) implements InSession {}

  /** Ingest to owner: the publish is over; nothing follows. */
  record End(long epoch, long session, boolean clean) implements InSession {}

  /** Both ways, when nothing else was sent for a while. */
  record Heartbeat(long epoch, long session) implements InSession {}

  /** Owner to ingest: every unit up to {@code seq} is durable. */
  record Acknowledged(long epoch, long session, long seq) implements InSession {}

  /**
   * Owner to ingest: the publish is ended for good; nothing follows.
   *
   * @param reason code of the reason
   */
  record Ended(long epoch, long session, int reason, String text) implements InSession {}

  /** Owner to ingest: ask for the owner again and replay; nothing follows. */
  record Moved(long epoch, long session) implements InSession {}
}
