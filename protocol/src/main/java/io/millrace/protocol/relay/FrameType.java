package io.millrace.protocol.relay;

/** The codes of frames on the wire; a code is never given to another frame. */
final class FrameType {
  static final int HELLO = 1;
  static final int CHALLENGE = 2;
  static final int PROOF = 3;
  static final int WELCOME = 4;
  static final int REFUSED = 5;
  static final int UNIT = 16;
  static final int DROPPED = 17;
  static final int DECLARED_BITRATE = 18;
  static final int END = 19;
  static final int HEARTBEAT = 32;
  static final int ACKNOWLEDGED = 33;
  static final int ENDED = 34;
  static final int MOVED = 35;

  /** "MRD" and the version of the protocol, the beginning of Hello and Challenge. */
  static final int MAGIC = 0x4D524401;

  /** Bytes of {@code length | type}. */
  static final int PREFIX_BYTES = 5;

  /** Bytes of a unit's body before its payload. */
  static final int UNIT_HEAD_BYTES = 8 + 8 + 8 + 1 + 1 + 4 + 8 + 4;

  private FrameType() {}
}
