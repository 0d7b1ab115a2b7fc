package io.millrace.testkit.hls;

import java.util.List;
import java.util.Optional;

/**
 * What a {@link StreamRecorder} has got.
 *
 * @param multivariant its last version, empty if none was served
 * @param renditions video first, in the order of the multivariant playlist
 * @param violations what the linter found
 * @param failures downloads that never succeeded, and requests without an answer, in order
 */
public record Recording(
    Optional<MultivariantPlaylist> multivariant,
    List<RecordedRendition> renditions,
    List<Violation> violations,
    List<String> failures) {

  public Recording {
    renditions = List.copyOf(renditions);
    violations = List.copyOf(violations);
    failures = List.copyOf(failures);
  }

  public RecordedRendition rendition(String name) {
    return renditions.stream()
        .filter(r -> r.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no rendition " + name));
  }

  public List<RecordedRendition> video() {
    return renditions.stream().filter(r -> !r.audio()).toList();
  }

  public Optional<RecordedRendition> audio() {
    return renditions.stream().filter(RecordedRendition::audio).findFirst();
  }
}
