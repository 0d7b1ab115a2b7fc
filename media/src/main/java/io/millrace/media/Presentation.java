package io.millrace.media;

import java.util.List;
import java.util.Optional;

/**
 * What is frozen when a stream starts and stays until it has ended: the rendition set and the
 * target duration. Only declared bandwidths may rise (a new value of this record).
 *
 * @param targetDurationSeconds EXT-X-TARGETDURATION of every media playlist
 * @param renditions in the order of the multivariant playlist, the audio rendition last; an
 *     audio-only stream has that one alone
 * @param partTargetMillis PART-TARGET of every media playlist, ms; 0: segments have no parts
 */
public record Presentation(
    int targetDurationSeconds, List<Rendition> renditions, int partTargetMillis) {

  public Presentation {
    renditions = List.copyOf(renditions);
  }

  /** Without parts. */
  public Presentation(int targetDurationSeconds, List<Rendition> renditions) {
    this(targetDurationSeconds, renditions, 0);
  }

  public Optional<Rendition> rendition(String name) {
    return renditions.stream().filter(r -> r.name().equals(name)).findFirst();
  }

  public boolean hasVideo() {
    return renditions.stream().anyMatch(r -> r.kind() != RenditionKind.AUDIO);
  }

  public Optional<Rendition> audio() {
    return renditions.stream().filter(r -> r.kind() == RenditionKind.AUDIO).findFirst();
  }
}
