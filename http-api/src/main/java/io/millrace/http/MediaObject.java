package io.millrace.http;

/**
 * An immutable object that a playlist refers to.
 *
 * @param contentType {@code video/mp4} or {@code audio/mp4}
 */
public record MediaObject(byte[] bytes, String contentType) {}
