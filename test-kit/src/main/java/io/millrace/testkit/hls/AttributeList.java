package io.millrace.testkit.hls;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Attribute lists of tags, RFC 8216bis §4.2. */
final class AttributeList {

  private static final Pattern ONE =
      Pattern.compile("([A-Z0-9-]+)=(?:\"([^\"\r\n]*)\"|([^\",\\s]+))(,|$)");

  private AttributeList() {}

  /**
   * Values by name, in order, without quotes.
   *
   * @throws PlaylistSyntaxException for anything else than {@code NAME=value,NAME="value"}, and for
   *     a name that comes twice
   */
  static Map<String, String> parse(String text) throws PlaylistSyntaxException {
    Map<String, String> values = new LinkedHashMap<>();
    Matcher matcher = ONE.matcher(text);
    int at = 0;
    boolean more = true;
    while (more) {
      if (!matcher.find() || matcher.start() != at) {
        throw new PlaylistSyntaxException("attribute list: " + text);
      }
      String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      if (values.put(matcher.group(1), value) != null) {
        throw new PlaylistSyntaxException("attribute twice: " + matcher.group(1));
      }
      at = matcher.end();
      more = !matcher.group(4).isEmpty();
    }
    if (at != text.length()) {
      throw new PlaylistSyntaxException("attribute list: " + text);
    }
    return values;
  }
}
