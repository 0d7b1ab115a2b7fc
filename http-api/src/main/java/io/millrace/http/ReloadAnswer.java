package io.millrace.http;

/**
 * What became of a blocking reload.
 *
 * @param playlist the newest version; null unless {@link Outcome#REACHED} or {@link
 *     Outcome#UNCHANGED}
 * @param dueNanos when the answer was there, by {@link System#nanoTime()}: until then the request
 *     waited, from then on it is being served
 */
public record ReloadAnswer(Outcome outcome, Playlist playlist, long dueNanos) {

  /** How it ended. */
  public enum Outcome {
    /** The playlist has what was asked for, or its end. */
    REACHED,
    /** The deadline passed: the newest version there is. */
    UNCHANGED,
    /** Further ahead than a player may ask: 400. */
    TOO_FAR,
    /** No such rendition, or the stream is gone: 404. */
    UNKNOWN,
    /** As many requests wait as this node allows: 503. */
    OVERLOADED,
    /** Nobody has owned the stream for long: 503. */
    OWNERLESS
  }

  /** An answer that is there now. */
  public static ReloadAnswer now(Outcome outcome, Playlist playlist) {
    return new ReloadAnswer(outcome, playlist, System.nanoTime());
  }
}
