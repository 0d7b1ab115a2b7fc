package io.millrace.http;

/**
 * One rendered version of a playlist, shared by all requests.
 *
 * @param plain UTF-8 text
 * @param gzip the same, gzip-compressed
 * @param etag strong entity tag without quotes
 * @param ended has ENDLIST: will not change any more
 * @param targetDurationSeconds for Cache-Control
 */
public record Playlist(
    byte[] plain, byte[] gzip, String etag, boolean ended, int targetDurationSeconds) {}
