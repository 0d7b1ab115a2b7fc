package io.millrace.node.edge;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.millrace.http.Playlist;
import io.millrace.node.CborSerializable;
import io.millrace.node.cluster.Endpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A whole version of a stream, from its owner to a follower; later ones come as {@link
 * StreamChange}.
 *
 * @param source where the owner's node serves objects to other nodes
 * @param multivariant null until every starting rendition has a segment
 * @param objects names that may be fetched, sorted, by rendition
 */
@JsonTypeName("push")
public record StreamPush(
    long epoch,
    long version,
    Endpoint source,
    PushedPlaylist multivariant,
    Map<String, PushedPlaylist> media,
    Map<String, List<String>> objects,
    Map<String, Long> nextMsn,
    Map<String, String> hints)
    implements EdgeFollower.Command, CborSerializable {

  public static StreamPush of(StreamSnapshot snapshot, Endpoint source) {
    Map<String, PushedPlaylist> media = new TreeMap<>();
    snapshot.media().forEach((name, playlist) -> media.put(name, PushedPlaylist.of(playlist)));
    Map<String, List<String>> objects = new TreeMap<>();
    snapshot
        .objects()
        .forEach((name, names) -> objects.put(name, names.stream().sorted().toList()));
    return new StreamPush(
        snapshot.epoch(),
        snapshot.version(),
        source,
        snapshot.multivariant().map(PushedPlaylist::of).orElse(null),
        media,
        objects,
        new TreeMap<>(snapshot.nextMsn()),
        new TreeMap<>(snapshot.hints()));
  }

  StreamSnapshot toSnapshot(String streamId) {
    Map<String, Playlist> playlists = new HashMap<>();
    media.forEach((name, pushed) -> playlists.put(name, pushed.toPlaylist()));
    Map<String, Set<String>> names = new HashMap<>();
    objects.forEach((name, list) -> names.put(name, new HashSet<>(list)));
    return new StreamSnapshot(
        streamId,
        epoch,
        version,
        Optional.ofNullable(multivariant).map(PushedPlaylist::toPlaylist),
        playlists,
        names,
        nextMsn,
        hints);
  }
}
