package io.millrace.testkit.hls;

import java.time.Instant;

/**
 * The answer to one GET, before content decoding.
 *
 * @param url as asked for, not after redirects
 * @param contentType media type without parameters, empty if there is none
 * @param contentEncoding empty if there is none
 * @param askedForGzip the request accepted gzip
 * @param body after content decoding; empty if the status is not 200
 */
public record ObservedResponse(
    String url,
    Instant at,
    int status,
    String contentType,
    String contentEncoding,
    boolean askedForGzip,
    byte[] body) {

  /** A playlist rather than a media object. */
  public boolean isPlaylist() {
    return url.endsWith(".m3u8");
  }
}
