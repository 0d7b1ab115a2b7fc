package io.millrace.http.net;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.headers.Server;
import org.apache.pekko.http.scaladsl.model.DateTime;

/**
 * Writes status line and fields of answers, the same fields in the same order that the server
 * library writes. Source: RFC 9112 §4, RFC 9110 §6.6.1, §8.6. Thread-safe.
 */
final class AnswerHead {
  private static final int USUAL_BYTES = 512;
  private static final long MILLIS_PER_SECOND = 1000;

  private record Date(long second, String text) {}

  private final String server;
  private volatile Date date = new Date(-1, "");

  AnswerHead(Optional<Server> server) {
    this.server = server.map(name -> "Server: " + name.value() + "\r\n").orElse("");
  }

  /**
   * @param body the answer's entity
   */
  ByteBuffer of(HttpResponse response, HttpEntity.Strict body) {
    StatusCode status = response.status();
    Ascii text = new Ascii();
    text.put("HTTP/1.1 ");
    text.put(Integer.toString(status.intValue()));
    text.put(" ");
    text.put(status.reason());
    text.put("\r\n");
    for (HttpHeader field : response.getHeaders()) {
      text.put(field.name(), field.value());
    }
    text.put(server);
    text.put("Date", date());
    if (status.allowsEntity()) {
      if (!body.getContentType().equals(ContentTypes.NO_CONTENT_TYPE)) {
        text.put("Content-Type", body.getContentType().toString());
      }
      text.put("Content-Length", Integer.toString(body.getData().size()));
    }
    text.put("\r\n");
    return text.buffer();
  }

  private String date() {
    long second = System.currentTimeMillis() / MILLIS_PER_SECOND;
    Date newest = date;
    if (newest.second() != second) {
      String text = DateTime.apply(second * MILLIS_PER_SECOND).toRfc1123DateTimeString();
      newest = new Date(second, text);
      date = newest;
    }
    return newest.text();
  }

  private static final class Ascii {
    private byte[] bytes = new byte[USUAL_BYTES];
    private int length;

    void put(String name, String value) {
      put(name);
      put(": ");
      put(value);
      put("\r\n");
    }

    void put(String text) {
      int end = length + text.length();
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
      }
      for (int i = 0; i < text.length(); i++) {
        bytes[length + i] = (byte) text.charAt(i);
      }
      length = end;
    }

    ByteBuffer buffer() {
      return ByteBuffer.wrap(bytes, 0, length);
    }
  }
}
