package io.millrace.media.demux;

/** Why something that a publisher sent was not passed on. */
public enum DropReason {
  /** A tag whose bytes break FLV or Enhanced RTMP. */
  MALFORMED_TAG,
  /** A codec id or FourCC that is not ingested. */
  UNKNOWN_VIDEO_CODEC,
  /** A codec id or FourCC that is not ingested. */
  UNKNOWN_AUDIO_CODEC,
  /** A packet of a track other than 0. */
  OTHER_TRACK,
  /** A configuration that breaks its codec or a limit. */
  BAD_CONFIG,
  /** A frame before its configuration, or after one that was refused. */
  NO_CONFIG,
  /** A frame whose lengths do not fit or that breaks a limit. */
  MALFORMED_FRAME,
  /** A frame without a picture or without bytes. */
  EMPTY_FRAME;

  /** Counted towards closing the connection. */
  boolean isBadTag() {
    return this == MALFORMED_TAG
        || this == MALFORMED_FRAME
        || this == BAD_CONFIG
        || this == UNKNOWN_VIDEO_CODEC;
  }
}
