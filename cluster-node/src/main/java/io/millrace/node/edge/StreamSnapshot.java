package io.millrace.node.edge;

import io.millrace.http.Playlist;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything a viewer can get of a stream at one moment.
 *
 * @param epoch incarnation of the owner; snapshots of lower epochs are ignored
 * @param multivariant empty until every starting rendition has a segment
 * @param media newest version of each rendition's playlist
 * @param objects names that may be fetched, by rendition
 */
public record StreamSnapshot(
    String streamId,
    long epoch,
    Optional<Playlist> multivariant,
    Map<String, Playlist> media,
    Map<String, Set<String>> objects) {

  public StreamSnapshot {
    media = Map.copyOf(media);
    objects = Map.copyOf(objects);
  }

  static StreamSnapshot empty(String streamId) {
    return new StreamSnapshot(streamId, 0, Optional.empty(), Map.of(), Map.of());
  }

  boolean knows(String rendition, String name) {
    return objects.getOrDefault(rendition, Set.of()).contains(name);
  }
}
