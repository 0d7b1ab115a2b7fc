package io.millrace.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A single byte range of an object of known length. Source: RFC 9110 §14.1.2, §14.2.
 *
 * @param first position of the first byte
 * @param last position of the last byte, inclusive; less than {@code first}: not satisfiable
 */
record ByteRange(int first, int last) {

  private static final Pattern SINGLE =
      Pattern.compile("bytes\\s*=\\s*(\\d{0,18})-(\\d{0,18})", Pattern.CASE_INSENSITIVE);
  private static final ByteRange UNSATISFIABLE = new ByteRange(0, -1);

  /**
   * Reads a Range header. Empty when it is to be ignored: other units, more than one range, or not
   * well-formed.
   *
   * @param length of the object in bytes
   */
  static Optional<ByteRange> parse(String header, int length) {
    Matcher matcher = SINGLE.matcher(header.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String from = matcher.group(1);
    String to = matcher.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? Optional.empty() : Optional.of(suffix(Long.parseLong(to), length));
    }
    long first = Long.parseLong(from);
    long last = to.isEmpty() ? Long.MAX_VALUE : Long.parseLong(to);
    if (last < first) {
      return Optional.empty();
    }
    return Optional.of(
        first >= length
            ? UNSATISFIABLE
            : new ByteRange((int) first, (int) Math.min(last, length - 1L)));
  }

  boolean satisfiable() {
    return last >= first;
  }

  int length() {
    return last - first + 1;
  }

  private static ByteRange suffix(long count, int length) {
    if (count == 0 || length == 0) {
      return UNSATISFIABLE;
    }
    return new ByteRange((int) Math.max(0, length - count), length - 1);
  }
}
