package io.millrace.protocol.flv;

/** Why a tag cannot be used. */
public enum FlvError {
  /** The bytes break the format. */
  MALFORMED,
  /** A codec that is known to exist or a FourCC that is not known, and that is not ingested. */
  UNSUPPORTED_CODEC
}
