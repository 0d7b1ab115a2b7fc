package io.millrace.bench.crowd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a viewer needs of one version of a media playlist, a delta included; shared by all viewers.
 * Source: RFC 8216bis §4.4.
 */
final class MediaList {
  private static final Pattern ATTRIBUTE = Pattern.compile("([A-Z0-9-]+)=(\"[^\"]*\"|[^,]*)");

  private final List<MediaItem> items = new ArrayList<>();
  private final Map<Long, MediaItem> segments = new HashMap<>();
  private final Map<Long, List<MediaItem>> parts = new HashMap<>();
  private String init = "";
  private double targetSeconds;
  private double partTargetSeconds;
  private double partHoldBackSeconds;
  private boolean mayBlock;
  private boolean maySkip;
  private long nextMsn;

  static MediaList parse(String text) {
    MediaList list = new MediaList();
    double seconds = 0;
    for (String line : text.split("\n", -1)) {
      String value = line.substring(line.indexOf(':') + 1);
      if (line.startsWith("#EXT-X-TARGETDURATION:")) {
        list.targetSeconds = Double.parseDouble(value);
      } else if (line.startsWith("#EXT-X-MEDIA-SEQUENCE:")) {
        list.nextMsn = Long.parseLong(value);
      } else if (line.startsWith("#EXT-X-SKIP:")) {
        list.nextMsn += Long.parseLong(attribute(value, "SKIPPED-SEGMENTS"));
      } else if (line.startsWith("#EXT-X-MAP:")) {
        list.init = attribute(value, "URI");
      } else if (line.startsWith("#EXT-X-PART-INF:")) {
        list.partTargetSeconds = Double.parseDouble(attribute(value, "PART-TARGET"));
      } else if (line.startsWith("#EXT-X-SERVER-CONTROL:")) {
        list.control(value);
      } else if (line.startsWith("#EXT-X-PART:")) {
        list.addPart(value);
      } else if (line.startsWith("#EXTINF:")) {
        seconds = Double.parseDouble(value.substring(0, value.indexOf(',')));
      } else if (!line.startsWith("#") && !line.isBlank()) {
        list.addSegment(line, seconds);
      }
    }
    return list;
  }

  private void control(String value) {
    mayBlock = attribute(value, "CAN-BLOCK-RELOAD").equals("YES");
    maySkip = !attribute(value, "CAN-SKIP-UNTIL").isEmpty();
    String holdBack = attribute(value, "PART-HOLD-BACK");
    partHoldBackSeconds = holdBack.isEmpty() ? 0 : Double.parseDouble(holdBack);
  }

  private void addPart(String value) {
    List<MediaItem> ofSegment = parts.computeIfAbsent(nextMsn, msn -> new ArrayList<>());
    MediaItem part =
        new MediaItem(
            nextMsn,
            ofSegment.size(),
            attribute(value, "URI"),
            Double.parseDouble(attribute(value, "DURATION")),
            attribute(value, "INDEPENDENT").equals("YES"));
    ofSegment.add(part);
    items.add(part);
  }

  private void addSegment(String uri, double seconds) {
    MediaItem segment = new MediaItem(nextMsn, MediaItem.WHOLE, uri, seconds, true);
    segments.put(nextMsn, segment);
    if (!parts.containsKey(nextMsn)) {
      items.add(segment);
    }
    nextMsn++;
  }

  /** Without quotes; empty if it is not there. */
  static String attribute(String attributes, String name) {
    Matcher matcher = ATTRIBUTE.matcher(attributes);
    while (matcher.find()) {
      if (matcher.group(1).equals(name)) {
        return matcher.group(2).replace("\"", "");
      }
    }
    return "";
  }

  /** Everything once, parts instead of their segment where it lists them, in order of time. */
  List<MediaItem> items() {
    return items;
  }

  String init() {
    return init;
  }

  double targetSeconds() {
    return targetSeconds;
  }

  double partTargetSeconds() {
    return partTargetSeconds;
  }

  boolean mayBlock() {
    return mayBlock && partTargetSeconds > 0;
  }

  boolean maySkip() {
    return maySkip;
  }

  /** Sequence number of the first segment that is not whole yet. */
  long nextMsn() {
    return nextMsn;
  }

  /** Index of the first part that is not there yet, in {@link #nextMsn()}. */
  int nextPart() {
    return parts.getOrDefault(nextMsn, List.of()).size();
  }

  /** Where a plain player begins: three segments before the end. */
  long plainStart() {
    return Math.max(nextMsn - 3, nextMsn - segments.size());
  }

  /** Where a low-latency player begins: the newest start of decoding outside the hold-back. */
  MediaItem lowLatencyStart() {
    double distance = 0;
    for (int i = items.size() - 1; i >= 0; i--) {
      MediaItem item = items.get(i);
      distance += item.seconds();
      if (item.independent() && distance >= partHoldBackSeconds) {
        return item;
      }
    }
    return items.get(0);
  }

  /** The whole segment, null when it is not listed. */
  MediaItem segment(long msn) {
    return segments.get(msn);
  }

  /**
   * What comes at this position or, when its segment has no more parts, next; null: not listed yet.
   *
   * @param part 0: from the start of the segment
   */
  MediaItem at(long msn, int part) {
    List<MediaItem> ofSegment = parts.getOrDefault(msn, List.of());
    if (part < ofSegment.size()) {
      return ofSegment.get(part);
    }
    MediaItem whole = segments.get(msn);
    if (whole == null) {
      return null;
    }
    return part == 0 ? whole : at(msn + 1, 0);
  }
}
