package io.millrace.bench.load;

/**
 * What came back for one request. Times are {@link System#nanoTime()}.
 *
 * @param etag without quotes; empty: none, or not asked for
 * @param body as it came, so perhaps gzip; empty unless it was to be kept
 * @param gzip Content-Encoding is gzip
 * @param bodyBytes length of the body on the wire
 */
@SuppressWarnings("ArrayRecordComponent")
public record Answer(
    int status,
    String etag,
    boolean gzip,
    byte[] body,
    long bodyBytes,
    long sentNanos,
    long endNanos) {}
