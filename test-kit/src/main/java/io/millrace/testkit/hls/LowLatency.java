package io.millrace.testkit.hls;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a media playlist says for players with low latency.
 *
 * @param serverControl attributes of EXT-X-SERVER-CONTROL, empty without it
 * @param partTargetSeconds empty: no EXT-X-PART-INF
 * @param skipped segments that this delta update leaves out, 0 in a full playlist
 * @param open parts of the segment that is not whole yet
 * @param hints URIs of EXT-X-PRELOAD-HINT:TYPE=PART
 * @param reports by the URI of the rendition
 */
public record LowLatency(
    Map<String, String> serverControl,
    Optional<Double> partTargetSeconds,
    int skipped,
    List<Part> open,
    List<String> hints,
    Map<String, Report> reports) {

  static final LowLatency NONE =
      new LowLatency(Map.of(), Optional.empty(), 0, List.of(), List.of(), Map.of());

  public LowLatency {
    serverControl = Map.copyOf(serverControl);
    open = List.copyOf(open);
    hints = List.copyOf(hints);
    reports = Map.copyOf(reports);
  }

  /** One EXT-X-PART. */
  public record Part(String uri, double seconds, boolean independent, boolean gap) {

    /** Incarnation of the owner that made it, from its name; -1: another kind of name. */
    long epoch() {
      return ResourceName.epochOf(uri);
    }
  }

  /** One EXT-X-RENDITION-REPORT. */
  public record Report(long lastMsn, int lastPart) {
    boolean isBefore(Report other) {
      return lastMsn < other.lastMsn || (lastMsn == other.lastMsn && lastPart < other.lastPart);
    }
  }

  /** A number of EXT-X-SERVER-CONTROL, 0 without it. */
  double control(String attribute) {
    String value = serverControl.get(attribute);
    return value == null || !value.matches("\\d+(\\.\\d+)?") ? 0 : Double.parseDouble(value);
  }

  double openSeconds() {
    return open.stream().mapToDouble(Part::seconds).sum();
  }
}
