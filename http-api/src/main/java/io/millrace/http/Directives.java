package io.millrace.http;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * What a request for a media playlist asks beyond its newest version. Of a name that comes twice
 * the first value counts; other names are ignored. Source: rfc8216bis §6.2.5.
 *
 * @param msn {@code _HLS_msn}: media sequence number that the answer has at least
 * @param part {@code _HLS_part}: part of that segment that is enough
 * @param skip {@code _HLS_skip}: a delta update will do
 * @param problem why the request is refused; null: it is not
 */
record Directives(OptionalLong msn, OptionalInt part, boolean skip, String problem) {

  static final Directives NONE =
      new Directives(OptionalLong.empty(), OptionalInt.empty(), false, null);

  private static final String MSN = "_HLS_msn=";
  private static final String PART = "_HLS_part=";
  private static final String SKIP = "_HLS_skip=";
  private static final int MAX_MSN_DIGITS = 18;
  private static final int MAX_PART_DIGITS = 6;

  static Directives of(HttpRequest request) {
    return request.getUri().rawQueryString().map(Directives::parse).orElse(NONE);
  }

  static Directives parse(String query) {
    String msn = first(query, MSN);
    String part = first(query, PART);
    String skip = first(query, SKIP);
    boolean skips = "YES".equals(skip) || "v2".equals(skip);
    if (msn == null) {
      return part == null
          ? new Directives(OptionalLong.empty(), OptionalInt.empty(), skips, null)
          : refused("_HLS_part: " + quoted(part) + " (expected: with _HLS_msn)");
    }
    if (!isNumber(msn, MAX_MSN_DIGITS)) {
      return refused("_HLS_msn: " + quoted(msn) + " (expected: a media sequence number)");
    }
    if (part != null && !isNumber(part, MAX_PART_DIGITS)) {
      return refused("_HLS_part: " + quoted(part) + " (expected: index of a part)");
    }
    return new Directives(
        OptionalLong.of(Long.parseLong(msn)),
        part == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(part)),
        skips,
        null);
  }

  private static Directives refused(String problem) {
    return new Directives(OptionalLong.empty(), OptionalInt.empty(), false, problem);
  }

  private static String first(String query, String name) {
    int from = 0;
    while (from <= query.length()) {
      int ampersand = query.indexOf('&', from);
      int to = ampersand < 0 ? query.length() : ampersand;
      if (query.startsWith(name, from)) {
        return query.substring(from + name.length(), to);
      }
      from = to + 1;
    }
    return null;
  }

  private static boolean isNumber(String value, int maxDigits) {
    if (value.isEmpty() || value.length() > maxDigits) {
      return false;
    }
    return value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static String quoted(String value) {
    String shown = value.length() > 24 ? value.substring(0, 24) + "…" : value;
    return '"' + shown + '"';
  }
}
