package io.millrace.node.edge;

import io.millrace.http.Playlist;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything a viewer can get of a stream at one moment.
 *
 * @param epoch incarnation of the owner; snapshots of lower epochs are ignored
 * @param version of this owner's snapshots, from 1 on; 0 before the first
 * @param multivariant empty until every starting rendition has a segment
 * @param media newest version of each rendition's playlist
 * @param objects names that may be fetched, by rendition
 * @param nextMsn media sequence number of the segment that comes next, by rendition
 * @param hints name of the part that comes next, by rendition that has parts now
 */
public record StreamSnapshot(
    String streamId,
    long epoch,
    long version,
    Optional<Playlist> multivariant,
    Map<String, Playlist> media,
    Map<String, Set<String>> objects,
    Map<String, Long> nextMsn,
    Map<String, String> hints) {

  private static final Pattern SEGMENT = Pattern.compile("(\\d{1,18})-(\\d{1,18})\\.m4s");
  private static final Pattern INIT = Pattern.compile("init-[0-9a-f]{1,64}\\.mp4");
  private static final int SOON = 3;

  public StreamSnapshot {
    media = Map.copyOf(media);
    objects = Map.copyOf(objects);
    nextMsn = Map.copyOf(nextMsn);
    hints = Map.copyOf(hints);
  }

  static StreamSnapshot empty(String streamId) {
    return new StreamSnapshot(
        streamId, 0, 0, Optional.empty(), Map.of(), Map.of(), Map.of(), Map.of());
  }

  boolean knows(String rendition, String name) {
    return objects.getOrDefault(rendition, Set.of()).contains(name);
  }

  /**
   * The next version may list the name: another node may show that version already, and its viewer
   * may fetch the object here.
   */
  boolean mayKnowSoon(String rendition, String name) {
    Long next = nextMsn.get(rendition);
    if (next == null) {
      return false;
    }
    Matcher segment = SEGMENT.matcher(name);
    if (!segment.matches()) {
      return INIT.matcher(name).matches();
    }
    long msn = Long.parseLong(segment.group(2));
    return Long.parseLong(segment.group(1)) >= epoch && msn >= next && msn < next + SOON;
  }

  /** The part that comes next: who asks for it waits. */
  boolean hintsAt(String rendition, String name) {
    return name.equals(hints.get(rendition));
  }

  /**
   * One of the parts that come after the hinted one: another node may show a version that this one
   * does not have yet.
   */
  boolean mayHintSoon(String rendition, String name) {
    Optional<PartName> hint = Optional.ofNullable(hints.get(rendition)).flatMap(PartName::of);
    Optional<PartName> asked = PartName.of(name);
    if (hint.isEmpty() || asked.isEmpty() || asked.get().epoch() != hint.get().epoch()) {
      return false;
    }
    long segments = asked.get().msn() - hint.get().msn();
    int index = asked.get().index();
    return segments == 0
        ? index > hint.get().index() && index <= hint.get().index() + SOON
        : segments == 1 && index < SOON;
  }

  /** From a later owner, or a later version of the same one. */
  boolean isNewerThan(StreamSnapshot other) {
    return epoch > other.epoch || (epoch == other.epoch && version > other.version);
  }

  /** Every playlist has its end: what comes next under the name is another stream. */
  private boolean isEnded() {
    return !media.isEmpty() && media.values().stream().allMatch(Playlist::ended);
  }

  /** Shows fewer segments of the same stream than {@code shown}. */
  boolean isBehind(StreamSnapshot shown) {
    return epoch > shown.epoch
        && !shown.isEnded()
        && shown.nextMsn.entrySet().stream()
            .anyMatch(r -> nextMsn.getOrDefault(r.getKey(), 0L) < r.getValue());
  }
}
