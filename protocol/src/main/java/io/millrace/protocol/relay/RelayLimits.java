package io.millrace.protocol.relay;

/** What a peer may declare; each is checked before anything is allocated for it. */
public final class RelayLimits {
  /** Payload of one unit, bytes: the largest RTMP message that an ingest takes. */
  public static final int MAX_PAYLOAD = 8 << 20;

  /** Any frame without a payload, bytes after its length. */
  public static final int MAX_CONTROL = 1024;

  /** Names of nodes and streams, and texts, bytes of UTF-8. */
  public static final int MAX_STRING = 255;

  /** Nonces and proofs, bytes. */
  public static final int KEY_BYTES = 32;

  private RelayLimits() {}
}
