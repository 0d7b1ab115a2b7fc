package io.millrace.media;

/** Where the samples of a rendition come from. */
public enum RenditionKind {
  /** The publisher's own video, repackaged. */
  SOURCE,
  /** Video made by the worker. */
  RUNG,
  /** The audio rendition, passed through or transcoded. */
  AUDIO
}
