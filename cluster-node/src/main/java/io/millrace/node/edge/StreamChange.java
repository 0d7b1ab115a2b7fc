package io.millrace.node.edge;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.millrace.http.Playlist;
import io.millrace.node.CborSerializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a version has that the one before it has not; what is not mentioned stays. Who does not have
 * the version before asks for a whole one.
 *
 * @param version that it leads to; it follows {@code version − 1} of the same epoch
 * @param publishedAtMs when the owner showed the version, by its wall clock
 * @param multivariant null: as it was
 * @param media changed playlists
 * @param objects names that came and went, by rendition
 * @param nextMsn changed numbers
 * @param hints changed hints; an empty name: there is none any more
 */
@JsonTypeName("change")
public record StreamChange(
    long epoch,
    long version,
    long publishedAtMs,
    PushedPlaylist multivariant,
    Map<String, PushedPlaylist> media,
    Map<String, Names> objects,
    Map<String, Long> nextMsn,
    Map<String, String> hints)
    implements EdgeFollower.Command, CborSerializable {

  /** Objects of one rendition; sorted. */
  public record Names(List<String> added, List<String> removed) {}

  /** Empty: it cannot be told as a change. */
  public static Optional<StreamChange> between(
      StreamSnapshot before, StreamSnapshot next, long publishedAtMs) {
    boolean follows = next.epoch() == before.epoch() && next.version() == before.version() + 1;
    boolean gone =
        (before.multivariant().isPresent() && next.multivariant().isEmpty())
            || !next.media().keySet().containsAll(before.media().keySet())
            || !next.objects().keySet().containsAll(before.objects().keySet())
            || !next.nextMsn().keySet().containsAll(before.nextMsn().keySet());
    return follows && !gone
        ? Optional.of(differing(before, next, publishedAtMs))
        : Optional.empty();
  }

  private static StreamChange differing(
      StreamSnapshot before, StreamSnapshot next, long publishedAtMs) {
    Playlist multivariant = next.multivariant().orElse(null);
    boolean same = Objects.equals(multivariant, before.multivariant().orElse(null));
    return new StreamChange(
        next.epoch(),
        next.version(),
        publishedAtMs,
        same ? null : PushedPlaylist.of(multivariant),
        changedMedia(before, next),
        changedNames(before, next),
        changed(before.nextMsn(), next.nextMsn()),
        changedHints(before, next));
  }

  /** A version is rendered once, so that what did not change is the same instance. */
  private static Map<String, PushedPlaylist> changedMedia(
      StreamSnapshot before, StreamSnapshot next) {
    Map<String, PushedPlaylist> media = new TreeMap<>();
    next.media()
        .forEach(
            (name, playlist) -> {
              if (!playlist.equals(before.media().get(name))) {
                media.put(name, PushedPlaylist.of(playlist));
              }
            });
    return media;
  }

  /** As with playlists, most sets are the same instance as before. */
  private static Map<String, Names> changedNames(StreamSnapshot before, StreamSnapshot next) {
    Map<String, Names> objects = new TreeMap<>();
    next.objects()
        .forEach(
            (rendition, names) -> {
              Set<String> old = before.objects().getOrDefault(rendition, Set.of());
              if (!names.equals(old)) {
                objects.put(rendition, new Names(without(names, old), without(old, names)));
              }
            });
    return objects;
  }

  private static List<String> without(Set<String> names, Set<String> others) {
    return names.stream().filter(name -> !others.contains(name)).sorted().toList();
  }

  private static <V> Map<String, V> changed(Map<String, V> before, Map<String, V> next) {
    Map<String, V> changed = new TreeMap<>(next);
    changed.entrySet().removeIf(e -> Objects.equals(before.get(e.getKey()), e.getValue()));
    return changed;
  }

  private static Map<String, String> changedHints(StreamSnapshot before, StreamSnapshot next) {
    Map<String, String> hints = changed(before.hints(), next.hints());
    before.hints().keySet().stream()
        .filter(rendition -> !next.hints().containsKey(rendition))
        .forEach(rendition -> hints.put(rendition, ""));
    return hints;
  }

  /** It leads on from {@code before}. */
  boolean follows(StreamSnapshot before) {
    return epoch == before.epoch() && version == before.version() + 1;
  }

  StreamSnapshot appliedTo(StreamSnapshot before) {
    Map<String, Playlist> playlists = new HashMap<>(before.media());
    media.forEach((name, pushed) -> playlists.put(name, pushed.toPlaylist()));
    Map<String, Long> numbers = new HashMap<>(before.nextMsn());
    numbers.putAll(nextMsn);
    Map<String, String> hinted = new HashMap<>(before.hints());
    hinted.putAll(hints);
    hinted.values().removeIf(String::isEmpty);
    return new StreamSnapshot(
        before.streamId(),
        epoch,
        version,
        multivariant == null ? before.multivariant() : Optional.of(multivariant.toPlaylist()),
        playlists,
        appliedNames(before),
        numbers,
        hinted);
  }

  private Map<String, Set<String>> appliedNames(StreamSnapshot before) {
    Map<String, Set<String>> names = new HashMap<>(before.objects());
    objects.forEach(
        (rendition, change) -> {
          Set<String> changed = new HashSet<>(names.getOrDefault(rendition, Set.of()));
          change.removed().forEach(changed::remove);
          changed.addAll(change.added());
          names.put(rendition, changed);
        });
    return names;
  }
}
