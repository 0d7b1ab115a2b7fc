package io.millrace.node.edge;

import io.millrace.http.Playlist;
import io.millrace.http.PlaylistPosition;

/**
 * What a blocking reload asks for. Source: rfc8216bis §6.2.5.2.
 *
 * @param msn media sequence number
 * @param part of that segment, from 0 on; −1: the whole segment
 */
record ReloadTarget(String rendition, long msn, int part) {
  private static final int MAX_SEGMENTS_AHEAD = 2;
  private static final int ADVANCE_MILLIS = 3000;
  private static final int ADVANCE_PARTS = 3;
  private static final int MILLIS_PER_SECOND = 1000;

  /**
   * The playlist is there and has what is asked for, or its end. A part behind the last one means
   * part 0 of the next segment; of a segment without parts it is the end.
   */
  boolean isReachedBy(StreamSnapshot shown) {
    Playlist playlist = shown.media().get(rendition);
    if (playlist == null) {
      return false;
    }
    PlaylistPosition newest = playlist.position();
    if (playlist.ended() || newest.lastMsn() > msn) {
      return true;
    }
    if (newest.lastMsn() < msn) {
      return false;
    }
    if (newest.lastPart() >= 0) {
      return part >= 0 && newest.lastPart() >= part;
    }
    return part < newest.wholeParts() || newest.wholeParts() == 0;
  }

  /**
   * Further ahead than a player may ask.
   *
   * @param furthest that was ever shown: after a change of owners the parts of the segment in
   *     flight are gone, and players still ask for the next one
   */
  boolean isTooFarFor(StreamSnapshot shown, PlaylistPosition furthest) {
    Playlist playlist = shown.media().get(rendition);
    PlaylistPosition newest = playlist.position();
    long lastWhole = Math.max(whole(newest), whole(furthest));
    if (msn > lastWhole + MAX_SEGMENTS_AHEAD) {
      return true;
    }
    long ahead = (long) part - Math.max(lastPart(newest), lastPart(furthest));
    long partMillis = playlist.partTargetMillis();
    long reach = partMillis < MILLIS_PER_SECOND ? ADVANCE_MILLIS : ADVANCE_PARTS * partMillis;
    boolean comesWhole = msn == lastWhole + 1 && !shown.hints().containsKey(rendition);
    return ahead * partMillis > (comesWhole ? reach + segmentMillis(playlist) : reach);
  }

  /** Players may have seen all parts of a segment that its next owner makes again as a whole. */
  private static long segmentMillis(Playlist playlist) {
    return (long) MILLIS_PER_SECOND * playlist.targetDurationSeconds();
  }

  private static long whole(PlaylistPosition position) {
    return position.lastPart() < 0 ? position.lastMsn() : position.lastMsn() - 1;
  }

  /** Newest part of the segment that is asked for; −1: none. */
  private int lastPart(PlaylistPosition position) {
    if (position.lastMsn() != msn) {
      return -1;
    }
    return position.lastPart() >= 0 ? position.lastPart() : position.wholeParts() - 1;
  }
}
