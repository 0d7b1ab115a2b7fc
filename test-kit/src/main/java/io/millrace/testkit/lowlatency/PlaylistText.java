package io.millrace.testkit.lowlatency;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a media playlist, grouped by segment; enough to play it and to merge a delta update
 * into it (rfc8216bis §6.3.7). Immutable.
 *
 * @param header lines before the first segment, without SKIP
 * @param mediaSequence of the first segment, skipped ones included
 * @param skipped number of segments that a delta update leaves out; 0: it is no delta update
 * @param segments each with its own lines, the URI last
 * @param tail lines behind the last segment: parts in flight, hint, reports, ENDLIST
 */
record PlaylistText(
    List<String> header,
    long mediaSequence,
    int skipped,
    List<List<String>> segments,
    List<String> tail) {

  private static final String MEDIA_SEQUENCE = "#EXT-X-MEDIA-SEQUENCE:";
  private static final String TARGET_DURATION = "#EXT-X-TARGETDURATION:";
  private static final String SKIP = "#EXT-X-SKIP:SKIPPED-SEGMENTS=";
  private static final String VERSION = "#EXT-X-VERSION:";
  private static final String MAP = "#EXT-X-MAP:";
  private static final String PART = "#EXT-X-PART:";
  private static final String HINT = "#EXT-X-PRELOAD-HINT:";
  private static final List<String> OF_SEGMENTS =
      List.of(
          "#EXTINF:",
          "#EXT-X-PART:",
          "#EXT-X-MAP:",
          "#EXT-X-DISCONTINUITY",
          "#EXT-X-PROGRAM-DATE-TIME:",
          "#EXT-X-GAP");
  private static final String DISCONTINUITY_SEQUENCE = "#EXT-X-DISCONTINUITY-SEQUENCE:";
  private static final Pattern URI = Pattern.compile("URI=\"([^\"]+)\"");
  private static final Pattern DURATION = Pattern.compile("[:,]DURATION=([0-9.]+)");

  /**
   * One part as a playlist lists it.
   *
   * @param msn of its segment
   * @param index in it, from 0 on
   */
  record Part(long msn, int index, String uri, double seconds, boolean independent) {}

  static PlaylistText parse(String text) {
    List<String> header = new ArrayList<>();
    List<List<String>> segments = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    long mediaSequence = 0;
    int skipped = 0;
    boolean body = false;
    for (String line : text.lines().toList()) {
      if (line.startsWith(SKIP)) {
        skipped = Integer.parseInt(line.substring(SKIP.length()).replaceFirst(",.*", ""));
        body = true;
        continue;
      }
      body |= isOfSegment(line);
      if (line.startsWith(MEDIA_SEQUENCE)) {
        mediaSequence = Long.parseLong(line.substring(MEDIA_SEQUENCE.length()));
      }
      if (!body) {
        header.add(line);
        continue;
      }
      lines.add(line);
      if (!line.startsWith("#")) {
        segments.add(List.copyOf(lines));
        lines.clear();
      }
    }
    return new PlaylistText(
        List.copyOf(header), mediaSequence, skipped, List.copyOf(segments), List.copyOf(lines));
  }

  private static boolean isOfSegment(String line) {
    return !line.startsWith("#")
        || (!line.startsWith(DISCONTINUITY_SEQUENCE)
            && OF_SEGMENTS.stream().anyMatch(line::startsWith));
  }

  /** Media sequence number of the newest whole segment. */
  long lastMsn() {
    return mediaSequence + skipped + segments.size() - 1;
  }

  int targetSeconds() {
    return header.stream()
        .filter(l -> l.startsWith(TARGET_DURATION))
        .mapToInt(l -> Integer.parseInt(l.substring(TARGET_DURATION.length())))
        .findFirst()
        .orElse(0);
  }

  boolean ended() {
    return tail.contains("#EXT-X-ENDLIST");
  }

  /** Parts of the segment in flight. */
  List<Part> partsInFlight() {
    return parts(lastMsn() + 1, tail);
  }

  /** All parts that are listed, oldest first. */
  List<Part> parts() {
    List<Part> all = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      all.addAll(parts(mediaSequence + skipped + i, segments.get(i)));
    }
    all.addAll(partsInFlight());
    return all;
  }

  private static List<Part> parts(long msn, List<String> lines) {
    List<Part> parts = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(PART)) {
        parts.add(
            new Part(
                msn,
                parts.size(),
                attribute(URI, line),
                Double.parseDouble(attribute(DURATION, line)),
                line.contains("INDEPENDENT=YES")));
      }
    }
    return parts;
  }

  /** URI of the part that comes next. */
  Optional<String> hint() {
    return tail.stream().filter(l -> l.startsWith(HINT)).map(l -> attribute(URI, l)).findFirst();
  }

  /** URI of a whole segment that is listed here. */
  String uri(long msn) {
    List<String> lines = segments.get((int) (msn - mediaSequence - skipped));
    return lines.get(lines.size() - 1);
  }

  private static String attribute(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    if (!matcher.find()) {
      throw new IllegalArgumentException(pattern + " in: " + line);
    }
    return matcher.group(1);
  }

  /**
   * This delta update with what it skips taken from an earlier version.
   *
   * @throws IllegalArgumentException if the earlier version does not have all that is skipped
   */
  PlaylistText mergedInto(PlaylistText earlier) {
    long from = mediaSequence - earlier.mediaSequence();
    if (earlier.skipped() > 0 || from < 0 || from + skipped > earlier.segments().size()) {
      throw new IllegalArgumentException(
          "skips " + skipped + " from " + mediaSequence + " (expected: known segments)");
    }
    List<List<String>> all =
        new ArrayList<>(earlier.segments().subList((int) from, (int) from + skipped));
    all.addAll(segments);
    if (from > 0 && !all.isEmpty()) {
      all.set(0, withMap(all.get(0), earlier, (int) from));
    }
    List<String> head = new ArrayList<>(header);
    head.replaceAll(line -> line.startsWith(VERSION) ? versionOf(earlier) : line);
    return new PlaylistText(List.copyOf(head), mediaSequence, 0, List.copyOf(all), tail);
  }

  private static String versionOf(PlaylistText earlier) {
    return earlier.header().stream().filter(l -> l.startsWith(VERSION)).findFirst().orElseThrow();
  }

  /** The MAP that was in effect there stands at the first segment that is left. */
  private static List<String> withMap(List<String> lines, PlaylistText earlier, int index) {
    if (lines.stream().anyMatch(l -> l.startsWith(MAP))) {
      return lines;
    }
    for (int i = index - 1; i >= 0; i--) {
      for (String line : earlier.segments().get(i)) {
        if (line.startsWith(MAP)) {
          List<String> with = new ArrayList<>(List.of(line));
          with.addAll(lines);
          return List.copyOf(with);
        }
      }
    }
    return lines;
  }

  String text() {
    List<String> lines = new ArrayList<>(header);
    segments.forEach(lines::addAll);
    lines.addAll(tail);
    return String.join("\n", lines) + "\n";
  }

  /** The lines without their order inside a segment: what two versions have in common. */
  List<List<String>> content() {
    List<List<String>> content = new ArrayList<>();
    for (List<String> lines : segments) {
      List<String> sorted = new ArrayList<>(lines);
      sorted.sort(null);
      content.add(sorted);
    }
    content.add(tail.stream().filter(l -> !l.startsWith("#EXT-X-RENDITION-REPORT")).toList());
    return content;
  }
}
