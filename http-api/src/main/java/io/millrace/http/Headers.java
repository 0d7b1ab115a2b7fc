package io.millrace.http;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Response headers, made once where they do not depend on the request. */
final class Headers {

  static final HttpHeader NO_STORE = RawHeader.create("Cache-Control", "no-store");
  static final HttpHeader NO_CACHE = RawHeader.create("Cache-Control", "no-cache");
  static final HttpHeader RETRY_AFTER = RawHeader.create("Retry-After", "1");
  static final HttpHeader GZIP = RawHeader.create("Content-Encoding", "gzip");
  static final HttpHeader VARY_ENCODING = RawHeader.create("Vary", "Accept-Encoding");
  static final HttpHeader ACCEPT_RANGES = RawHeader.create("Accept-Ranges", "bytes");

  /** Any page may read media; players need the exposed headers to measure latency and caching. */
  static final List<HttpHeader> CORS =
      List.of(
          RawHeader.create("Access-Control-Allow-Origin", "*"),
          RawHeader.create(
              "Access-Control-Expose-Headers", "Age, Date, Content-Length, Content-Range, ETag"));

  /** The last four: CTA-5004, what players tell of themselves when not in the query. */
  static final List<HttpHeader> CORS_PREFLIGHT =
      List.of(
          RawHeader.create("Access-Control-Allow-Origin", "*"),
          RawHeader.create("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
          RawHeader.create(
              "Access-Control-Allow-Headers",
              "Range, If-None-Match, If-Range, Content-Type, X-Playback-Session-Id, "
                  + "CMCD-Object, CMCD-Request, CMCD-Session, CMCD-Status"),
          RawHeader.create("Access-Control-Max-Age", "86400"));

  private Headers() {}

  static HttpHeader cacheFor(long seconds) {
    return RawHeader.create("Cache-Control", "max-age=" + seconds);
  }

  /** What never changes under its name: no revalidation, yet caches may not keep it for ever. */
  static HttpHeader immutableFor(long seconds) {
    return RawHeader.create("Cache-Control", "max-age=" + seconds + ", immutable");
  }

  static HttpHeader etag(String opaque) {
    return RawHeader.create("ETag", '"' + opaque + '"');
  }

  static HttpHeader allow(String methods) {
    return RawHeader.create("Allow", methods);
  }
}
