package io.millrace.multijvm.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** When a media playlist listed something that a player at the live edge did not have. */
final class LiveEdge {
  private record Position(long msn, int parts) {
    boolean isBeyond(Position other) {
      return msn > other.msn || (msn == other.msn && parts > other.parts);
    }
  }

  private final List<Instant> advances = new ArrayList<>();
  private Position furthest = new Position(-1, 0);

  synchronized void version(Instant at, String text) {
    Position position = of(text);
    if (position.isBeyond(furthest)) {
      furthest = position;
      advances.add(at);
    }
  }

  /** The segment that is not whole yet, and how many parts of it are listed. */
  private static Position of(String text) {
    long msn = 0;
    int parts = 0;
    for (String line : text.lines().toList()) {
      if (line.startsWith("#EXT-X-MEDIA-SEQUENCE:")) {
        msn += Long.parseLong(line.substring(line.indexOf(':') + 1));
      } else if (line.startsWith("#EXT-X-PART:")) {
        parts++;
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        msn++;
        parts = 0;
      }
    }
    return new Position(msn, parts);
  }

  /** Between two advances of which the second comes after {@code from}. */
  synchronized Duration longestWait(Instant from) {
    Duration longest = Duration.ZERO;
    for (int i = 1; i < advances.size(); i++) {
      Duration wait = Duration.between(advances.get(i - 1), advances.get(i));
      if (advances.get(i).isAfter(from) && wait.compareTo(longest) > 0) {
        longest = wait;
      }
    }
    return longest;
  }
}
