package io.millrace.node.edge;

import io.millrace.http.MediaObject;
import io.millrace.http.Playlist;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Parts of a stream's former owners. No later owner lists them, but players that saw them listed
 * may still ask: they stay fetchable where they are in memory, until they would have aged out.
 * Replacing is confined to the stream's lock, reading is for any thread.
 */
final class FormerParts {
  /** Listed for three target durations, fetchable for three more. */
  private static final int TARGETS = 6;

  private record Kept(Set<String> names, long untilNanos) {}

  private final String streamId;
  private final EdgeObjects objects;
  private final ConcurrentMap<String, List<Kept>> byRendition = new ConcurrentHashMap<>();

  FormerParts(String streamId, EdgeObjects objects) {
    this.streamId = streamId;
    this.objects = objects;
  }

  /** {@code next} is shown instead of {@code before}. */
  void replaced(StreamSnapshot before, StreamSnapshot next) {
    if (!byRendition.isEmpty()) {
      forgetOld();
    }
    if (next.epoch() != before.epoch()) {
      before.objects().forEach((rendition, names) -> keep(rendition, names, before, next));
    }
  }

  private void keep(
      String rendition, Set<String> names, StreamSnapshot before, StreamSnapshot next) {
    Playlist playlist = before.media().get(rendition);
    Set<String> parts = new HashSet<>(names);
    parts.removeIf(name -> !PartName.isPart(name) || next.knows(rendition, name));
    if (playlist == null || parts.isEmpty()) {
      return;
    }
    long nanos = TimeUnit.SECONDS.toNanos((long) TARGETS * playlist.targetDurationSeconds());
    List<Kept> all = new ArrayList<>(byRendition.getOrDefault(rendition, List.of()));
    all.add(new Kept(parts, System.nanoTime() + nanos));
    byRendition.put(rendition, List.copyOf(all));
  }

  private void forgetOld() {
    long now = System.nanoTime();
    for (Map.Entry<String, List<Kept>> entry : byRendition.entrySet()) {
      List<Kept> left = new ArrayList<>();
      for (Kept kept : entry.getValue()) {
        if (kept.untilNanos() - now > 0) {
          left.add(kept);
        } else {
          kept.names()
              .forEach(name -> objects.remove(new ObjectKey(streamId, entry.getKey(), name)));
        }
      }
      if (left.isEmpty()) {
        byRendition.remove(entry.getKey());
      } else {
        entry.setValue(List.copyOf(left));
      }
    }
  }

  boolean has(String rendition, String name) {
    return !byRendition.isEmpty()
        && byRendition.getOrDefault(rendition, List.of()).stream()
            .anyMatch(kept -> kept.names().contains(name));
  }

  /** From memory only. */
  Optional<MediaObject> get(String rendition, String name) {
    return has(rendition, name)
        ? objects.present(new ObjectKey(streamId, rendition, name))
        : Optional.empty();
  }
}
