package io.millrace.media.hls;

import java.util.List;
import java.util.Optional;

/**
 * What a playlist with parts says besides its own window.
 *
 * @param hint name of the part that comes next; empty: none is known to come
 * @param reports one for each other rendition
 */
public record LowLatencyTags(Optional<String> hint, List<RenditionReport> reports) {

  /** Of a playlist without parts. */
  public static final LowLatencyTags NONE = new LowLatencyTags(Optional.empty(), List.of());

  public LowLatencyTags {
    reports = List.copyOf(reports);
  }
}
