package io.millrace.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Status line and the few header fields that a load client needs, read byte by byte so that the
 * client costs less than the server. Source: RFC 9112 §2 to §6; bodies have a Content-Length.
 */
final class AnswerHead {
  private static final int MAX_BYTES = 2048;
  private static final byte[] CONTENT_LENGTH = name("content-length:");
  private static final byte[] ETAG = name("etag:");
  private static final byte[] GZIP = name("content-encoding: gzip");
  private static final byte[] CLOSE = name("connection: close");

  private final byte[] bytes = new byte[MAX_BYTES];
  private int length;
  private int lineStart;

  int status;
  long contentLength;
  boolean gzip;
  boolean close;
  private int etagFrom;
  private int etagTo;

  void reset() {
    length = 0;
    lineStart = 0;
    status = 0;
    contentLength = 0;
    gzip = false;
    close = false;
    etagFrom = 0;
    etagTo = 0;
  }

  /** Takes the next byte; true: the head is complete. */
  boolean add(byte b) throws IOException {
    if (length == MAX_BYTES) {
      throw new IOException("head of an answer has more than " + MAX_BYTES + " bytes");
    }
    bytes[length++] = b;
    if (b != '\n') {
      return false;
    }
    int end = length - 2;
    boolean last = end == lineStart;
    if (!last) {
      line(lineStart, end);
    }
    lineStart = length;
    return last;
  }

  String etag() {
    return new String(bytes, etagFrom, etagTo - etagFrom, StandardCharsets.US_ASCII);
  }

  private void line(int from, int to) throws IOException {
    if (from == 0) {
      status = (int) number(9, 12);
    } else if (starts(from, to, CONTENT_LENGTH)) {
      contentLength = number(skipSpace(from + CONTENT_LENGTH.length), to);
    } else if (starts(from, to, ETAG)) {
      etagFrom = skipSpace(from + ETAG.length) + 1;
      etagTo = to - 1;
    } else if (starts(from, to, GZIP)) {
      gzip = true;
    } else if (starts(from, to, CLOSE)) {
      close = true;
    }
  }

  private int skipSpace(int from) {
    int at = from;
    while (bytes[at] == ' ') {
      at++;
    }
    return at;
  }

  private long number(int from, int to) throws IOException {
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new IOException("not a number in the head of an answer");
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private boolean starts(int from, int to, byte[] lowerCase) {
    if (to - from < lowerCase.length) {
      return false;
    }
    for (int i = 0; i < lowerCase.length; i++) {
      byte b = bytes[from + i];
      int lower = b >= 'A' && b <= 'Z' ? b + 32 : b;
      if (lower != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] name(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
