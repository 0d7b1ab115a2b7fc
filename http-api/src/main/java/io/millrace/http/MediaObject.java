package io.millrace.http;

import org.apache.pekko.util.ByteString;

/**
 * An immutable object that a playlist refers to.
 *
 * @param bytes that it lies in, not copied
 * @param offset of its first byte there
 * @param length bytes
 * @param contentType {@code video/mp4} or {@code audio/mp4}
 */
public record MediaObject(byte[] bytes, int offset, int length, String contentType) {

  public MediaObject(byte[] bytes, String contentType) {
    this(bytes, 0, bytes.length, contentType);
  }

  /** A piece of it that is an object, too. */
  public MediaObject piece(int from, int size) {
    return new MediaObject(bytes, offset + from, size, contentType);
  }

  ByteString content(int from, int size) {
    return ByteString.fromArrayUnsafe(bytes, offset + from, size);
  }

  ByteString content() {
    return content(0, length);
  }
}
