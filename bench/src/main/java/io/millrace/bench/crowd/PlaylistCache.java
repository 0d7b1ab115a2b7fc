package io.millrace.bench.crowd;

import io.millrace.bench.load.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Playlists that any viewer got, parsed once per version: a real viewer would do that on its own
 * machine. Knows when the first of all viewers saw each version and each object's name.
 */
final class PlaylistCache {

  /**
   * @param firstSeenNanos end of the first answer with this version
   */
  record Version(MediaList list, long firstSeenNanos) {}

  private final Map<String, Version> versions = new HashMap<>();
  private final Map<String, Long> listedNanos = new HashMap<>();

  /**
   * @param path with the query, which decides between a delta and the whole
   */
  Version media(String path, String rendition, boolean delta, Answer answer) {
    String key = rendition + (delta ? " delta " : " ") + answer.etag();
    Version known = answer.etag().isEmpty() ? null : versions.get(key);
    if (known != null) {
      return known;
    }
    Version parsed = new Version(MediaList.parse(text(path, answer)), answer.endNanos());
    versions.put(key, parsed);
    for (MediaItem item : parsed.list().items()) {
      listedNanos.putIfAbsent(rendition + item.uri(), answer.endNanos());
    }
    return parsed;
  }

  /** When the first viewer saw the object's name in a playlist. */
  long listedNanos(String rendition, MediaItem item) {
    return listedNanos.getOrDefault(rendition + item.uri(), Long.MIN_VALUE);
  }

  static String text(String path, Answer answer) {
    try {
      byte[] body = answer.body();
      if (answer.gzip()) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
          body = in.readAllBytes();
        }
      }
      return new String(body, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }
}
