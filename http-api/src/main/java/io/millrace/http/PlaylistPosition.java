package io.millrace.http;

/**
 * How far a version of a media playlist goes.
 *
 * @param lastMsn number of the newest segment, whole or in flight; -1: none
 * @param lastPart index of the newest part of the segment in flight; -1: {@code lastMsn} is whole
 * @param wholeParts listed parts of the newest whole segment; 0: it has none, or came without them
 */
public record PlaylistPosition(long lastMsn, int lastPart, int wholeParts) {

  /** Of what is not a media playlist, or has no parts. */
  public static final PlaylistPosition NONE = new PlaylistPosition(-1, -1, 0);
}
