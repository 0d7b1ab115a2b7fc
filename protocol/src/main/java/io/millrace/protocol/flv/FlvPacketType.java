package io.millrace.protocol.flv;

/** What a tag carries for the default track. */
public enum FlvPacketType {
  /** A codec configuration. */
  SEQUENCE_START,
  /** One access unit or audio frame. */
  FRAME,
  /** No more frames of this configuration. */
  SEQUENCE_END,
  /** Valid, but nothing for us: metadata, commands, channel layouts, other tracks only. */
  IGNORED
}
