package io.millrace.http;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** What a request says of the representation it wants. Source: RFC 9110 §12.5.3, §13.1, §14.2. */
final class Conditions {

  private static final Pattern WEIGHT = Pattern.compile("\\s*;\\s*q\\s*=\\s*");
  private static final Pattern NEVER = Pattern.compile("0(\\.0*)?");

  private Conditions() {}

  /** True if Accept-Encoding names gzip, or {@code *}, with a weight above zero. */
  static boolean acceptsGzip(HttpRequest request) {
    Optional<String> header = value(request, "Accept-Encoding");
    return header.isPresent() && acceptsGzip(header.get());
  }

  private static boolean acceptsGzip(String header) {
    boolean wildcard = false;
    for (String item : header.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = WEIGHT.split(item.strip(), 2);
      boolean wanted = parts.length == 1 || !NEVER.matcher(parts[1]).matches();
      if (parts[0].equals("gzip") || parts[0].equals("x-gzip")) {
        return wanted;
      }
      wildcard |= parts[0].equals("*") && wanted;
    }
    return wildcard;
  }

  /**
   * True if If-None-Match names the tag (weak comparison) or {@code *}: answer 304.
   *
   * @param etag without quotes
   */
  static boolean isKnown(HttpRequest request, String etag) {
    Optional<String> header = value(request, "If-None-Match");
    return header.isPresent() && names(header.get(), '"' + etag + '"');
  }

  private static boolean names(String header, String quoted) {
    for (String item : header.split(",", -1)) {
      String tag = item.strip();
      if (tag.equals("*") || tag.equals(quoted) || tag.equals("W/" + quoted)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The single range that a GET asks for, if the object is still the one it knows.
   *
   * @param length of the object in bytes
   */
  static Optional<ByteRange> range(HttpRequest request, String etag, int length) {
    Optional<String> header = value(request, "Range");
    if (header.isEmpty() || !request.method().name().equals("GET")) {
      return Optional.empty();
    }
    Optional<String> ifRange = value(request, "If-Range");
    if (ifRange.isPresent() && !ifRange.get().equals('"' + etag + '"')) {
      return Optional.empty();
    }
    return ByteRange.parse(header.get(), length);
  }

  private static Optional<String> value(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }
}
