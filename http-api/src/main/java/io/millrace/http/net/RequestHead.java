package io.millrace.http.net;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * The head of a request of the kind that players, browsers and caches send all the time: a GET of
 * HTTP/1.1 without a body and without anything that concerns the connection. The grammar is a
 * strict part of RFC 9112 §2 to §5; whatever is not of it, malformed requests among them, is {@link
 * #OTHER} and left to the server library, so that there is one judge of all that is unusual.
 */
final class RequestHead {
  /** The head's end has not come yet. */
  static final RequestHead INCOMPLETE = new RequestHead("", List.of(), 0);

  /** Not a simple GET, as far as can be seen. */
  static final RequestHead OTHER = new RequestHead("", List.of(), 0);

  private static final int MAX_BYTES = 4 << 10;
  private static final int MAX_FIELDS = 64;
  private static final int MAX_NAME = 64;
  private static final int ASCII = 128;
  private static final byte[] START = "GET /".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION = " HTTP/1.1".getBytes(StandardCharsets.US_ASCII);
  private static final String LETTERS_AND_DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final boolean[] IN_PATH = characters(LETTERS_AND_DIGITS + "-._~/");
  private static final boolean[] IN_QUERY = characters(LETTERS_AND_DIGITS + "-._~/=&+,:;?@!$'()*");
  private static final boolean[] IN_NAME = characters(LETTERS_AND_DIGITS + "-");
  private static final boolean[] IN_HOST = characters(LETTERS_AND_DIGITS + "-.:[]");
  private static final boolean[] HEX = characters("0123456789ABCDEFabcdef");

  private final String target;
  private final List<HttpHeader> fields;
  private final int length;

  private RequestHead(String target, List<HttpHeader> fields, int length) {
    this.target = target;
    this.fields = fields;
    this.length = length;
  }

  /** Path, and query if there is one. */
  String target() {
    return target;
  }

  List<HttpHeader> fields() {
    return fields;
  }

  /** Bytes, its empty line included. */
  int length() {
    return length;
  }

  /**
   * Reads the head that begins at a position.
   *
   * @return {@link #INCOMPLETE}, {@link #OTHER}, or the head
   */
  static RequestHead read(byte[] bytes, int from, int to) {
    if (!startsWith(bytes, from, to, START)) {
      return OTHER;
    }
    String target = null;
    boolean hasHost = false;
    List<HttpHeader> fields = new ArrayList<>(12);
    for (int start = from; ; ) {
      int end = lineFeed(bytes, start, to);
      if (end < 0) {
        return to - from < MAX_BYTES ? INCOMPLETE : OTHER;
      }
      int text = end - 1;
      if (text < start || bytes[text] != '\r') {
        return OTHER;
      }
      if (target == null) {
        target = target(bytes, start, text);
        if (target == null) {
          return OTHER;
        }
      } else if (text == start) {
        int length = end + 1 - from;
        return hasHost && length <= MAX_BYTES ? new RequestHead(target, fields, length) : OTHER;
      } else {
        HttpHeader field = field(bytes, start, text);
        if (field == null || fields.size() == MAX_FIELDS) {
          return OTHER;
        }
        if (field.is("host")) {
          if (hasHost || !isHost(field.value())) {
            return OTHER;
          }
          hasHost = true;
        }
        fields.add(field);
      }
      start = end + 1;
    }
  }

  /** True also for a beginning that is shorter than the prefix. */
  private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
    for (int i = 0; i < prefix.length && from + i < to; i++) {
      if (bytes[from + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static int lineFeed(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  // --- request line -----------------------------------------------------------------------------

  /** Null: not {@code GET /path?query HTTP/1.1} with nothing unusual in it. */
  private static String target(byte[] bytes, int start, int end) {
    int from = start + START.length - 1;
    int to = end - VERSION.length;
    if (to <= from || !startsWith(bytes, to, end, VERSION)) {
      return null;
    }
    int query = from;
    while (query < to && bytes[query] != '?') {
      query++;
    }
    return isPath(bytes, from, query) && isQuery(bytes, query + 1, to) && query + 1 != to
        ? text(bytes, from, to)
        : null;
  }

  private static boolean isPath(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte next = i + 1 < to ? bytes[i + 1] : 0;
      boolean emptyOrDots = bytes[i] == '/' && (next == '/' || next == '.');
      if (emptyOrDots || !is(IN_PATH, bytes[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isQuery(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      boolean encoded =
          bytes[i] == '%' && i + 2 < to && is(HEX, bytes[i + 1]) && is(HEX, bytes[i + 2]);
      if (!encoded && !is(IN_QUERY, bytes[i])) {
        return false;
      }
    }
    return true;
  }

  // --- fields -----------------------------------------------------------------------------------

  /** Null: malformed, or more than this class may decide on. */
  private static HttpHeader field(byte[] bytes, int start, int end) {
    int colon = start;
    while (colon < end && is(IN_NAME, bytes[colon])) {
      colon++;
    }
    if (colon == start || colon == end || bytes[colon] != ':' || colon - start > MAX_NAME) {
      return null;
    }
    int from = colon + 1;
    int to = end;
    while (from < to && isBlank(bytes[from])) {
      from++;
    }
    while (to > from && isBlank(bytes[to - 1])) {
      to--;
    }
    for (int i = from; i < to; i++) {
      if (!isBlank(bytes[i]) && !isPrinted(bytes[i])) {
        return null;
      }
    }
    HttpHeader field = RawHeader.create(text(bytes, start, colon), text(bytes, from, to));
    return isOfTheRequestAlone(field) ? field : null;
  }

  /** Of RFC 9110 §7.2 what is in use: a name or an address, and a port. */
  private static boolean isHost(String value) {
    return !value.isEmpty() && value.chars().allMatch(c -> is(IN_HOST, (byte) c));
  }

  /** It announces no body, and wants nothing of the connection but that it stays. */
  private static boolean isOfTheRequestAlone(HttpHeader field) {
    return switch (field.lowercaseName()) {
      case "content-length", "transfer-encoding", "expect", "upgrade", "http2-settings" -> false;
      case "connection" -> field.value().equalsIgnoreCase("keep-alive");
      default -> true;
    };
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isPrinted(byte c) {
    return c > ' ' && c <= '~';
  }

  private static boolean[] characters(String all) {
    boolean[] table = new boolean[ASCII];
    all.chars().forEach(c -> table[c] = true);
    return table;
  }

  private static boolean is(boolean[] table, byte c) {
    return c >= 0 && table[c];
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
