package io.millrace.media;

/** The kind of an elementary stream inside a publisher's session. */
public enum TrackKind {
  VIDEO,
  AUDIO
}
