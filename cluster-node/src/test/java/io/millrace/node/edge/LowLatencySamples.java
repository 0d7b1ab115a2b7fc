package io.millrace.node.edge;

import io.millrace.http.Playlist;
import io.millrace.http.PlaylistPosition;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Snapshots of a stream with parts: T = 4 s, PART-TARGET = 500 ms, eight parts per segment. */
final class LowLatencySamples {
  static final int PARTS = 8;

  private LowLatencySamples() {}

  static String part(long epoch, long msn, int index) {
    return epoch + "-" + msn + "." + index + ".m4s";
  }

  /** Segments up to {@code msn − 1} are whole; of {@code msn} the parts up to {@code part}. */
  static StreamSnapshot inFlight(long epoch, long version, long msn, int part) {
    PlaylistPosition position =
        part < 0
            ? new PlaylistPosition(msn - 1, -1, PARTS)
            : new PlaylistPosition(msn, part, PARTS);
    return snapshot(epoch, version, position, part(epoch, msn, part + 1), false);
  }

  /** Segment {@code msn} is whole, nothing of the next one is there. */
  static StreamSnapshot whole(long epoch, long version, long msn) {
    return inFlight(epoch, version, msn + 1, -1);
  }

  static StreamSnapshot ended(long epoch, long version, long msn) {
    return snapshot(epoch, version, new PlaylistPosition(msn, -1, PARTS), null, true);
  }

  private static StreamSnapshot snapshot(
      long epoch, long version, PlaylistPosition position, String hint, boolean ended) {
    Playlist playlist = playlist(epoch + "/" + version, position, ended);
    long lastWhole = position.lastPart() < 0 ? position.lastMsn() : position.lastMsn() - 1;
    return new StreamSnapshot(
        "cam",
        epoch,
        version,
        Optional.of(playlist),
        Map.of("source", playlist),
        Map.of("source", names(epoch, position, lastWhole)),
        Map.of("source", lastWhole + 1),
        hint == null ? Map.of() : Map.of("source", hint));
  }

  private static Set<String> names(long epoch, PlaylistPosition position, long lastWhole) {
    Set<String> names = new HashSet<>();
    for (long msn = Math.max(0, lastWhole - 1); msn <= lastWhole; msn++) {
      names.add(epoch + "-" + msn + ".m4s");
      for (int index = 0; index < PARTS; index++) {
        names.add(part(epoch, msn, index));
      }
    }
    for (int index = 0; index <= position.lastPart(); index++) {
      names.add(part(epoch, position.lastMsn(), index));
    }
    return names;
  }

  static Playlist playlist(String text, PlaylistPosition position, boolean ended) {
    Playlist plain = PushSamples.playlist(text, ended);
    return new Playlist(
        plain.plain(),
        plain.gzip(),
        plain.etag(),
        ended,
        4,
        position,
        Optional.of(PushSamples.playlist("delta " + text, ended)),
        500);
  }

  /** The whole segments that it lists, without any part: as after a change of owners. */
  static StreamSnapshot withoutParts(StreamSnapshot snapshot) {
    Set<String> names = new HashSet<>(snapshot.objects().get("source"));
    names.removeIf(PartName::isPart);
    return withdrawn(snapshot, names, Map.of());
  }

  /** The newest whole segment is not made of the parts that were listed: those stay fetchable. */
  static StreamSnapshot withdrawn(StreamSnapshot snapshot) {
    return withdrawn(snapshot, snapshot.objects().get("source"), snapshot.hints());
  }

  private static StreamSnapshot withdrawn(
      StreamSnapshot snapshot, Set<String> names, Map<String, String> hints) {
    Playlist p = snapshot.media().get("source");
    PlaylistPosition position =
        new PlaylistPosition(p.position().lastMsn(), p.position().lastPart(), 0);
    Playlist playlist =
        new Playlist(
            p.plain(), p.gzip(), p.etag(), p.ended(), 4, position, p.delta(), p.partTargetMillis());
    return new StreamSnapshot(
        "cam",
        snapshot.epoch(),
        snapshot.version(),
        snapshot.multivariant(),
        Map.of("source", playlist),
        Map.of("source", names),
        snapshot.nextMsn(),
        hints);
  }
}
