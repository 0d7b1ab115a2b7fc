package io.millrace.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a request path. Addresses of this server need no percent-encoding, so an encoded slash or
 * dot, a {@code ;parameter}, a backslash or a control character can only be an attack or a mistake,
 * and no such path belongs to any route.
 */
final class PathSegments {

  private static final int MAX_SEGMENT_LENGTH = 96;

  private PathSegments() {}

  static List<String> split(String path) {
    List<String> segments = new ArrayList<>(4);
    int from = 1;
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      segments.add(path.substring(from, to));
      from = to + 1;
    }
    if (path.length() > 1 && path.endsWith("/")) {
      segments.add("");
    }
    return segments;
  }

  /** True if every segment is a name: 1 to 96 of {@code A-Z a-z 0-9 . _ -}, not dots alone. */
  static boolean areNames(List<String> segments) {
    for (String segment : segments) {
      if (!isName(segment)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(String segment) {
    if (segment.isEmpty() || segment.length() > MAX_SEGMENT_LENGTH) {
      return false;
    }
    boolean onlyDots = true;
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (!isNameCharacter(c)) {
        return false;
      }
      onlyDots &= c == '.';
    }
    return !onlyDots;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
