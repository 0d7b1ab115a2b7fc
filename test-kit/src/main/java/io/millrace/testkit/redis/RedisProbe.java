package io.millrace.testkit.redis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A test's own eyes on a redis-server, as {@code redis-cli}: one blocking connection, commands as
 * words. Uses no client library, so that it shares no mistake with the code under test. Not
 * thread-safe. Source: RESP2.
 */
public final class RedisProbe implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private RedisProbe(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream());
  }

  /**
   * @param password null for none
   */
  static RedisProbe connect(int port, String password) {
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(TIMEOUT_MS);
      socket.setTcpNoDelay(true);
      RedisProbe probe = new RedisProbe(socket);
      if (password != null) {
        probe.command("AUTH", password);
      }
      return probe;
    } catch (IOException e) {
      throw new UncheckedIOException("connection to redis-server", e);
    }
  }

  /**
   * Answer of one command: null, a String (bytes as ISO 8859-1), a Long or a List of these.
   *
   * @throws IllegalStateException for an error reply
   * @throws UncheckedIOException when the server does not answer
   */
  public Object command(String... words) {
    try {
      StringBuilder request = new StringBuilder("*").append(words.length).append("\r\n");
      for (String word : words) {
        int length = word.getBytes(StandardCharsets.UTF_8).length;
        request.append('$').append(length).append("\r\n").append(word).append("\r\n");
      }
      out.write(request.toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
      return reply();
    } catch (IOException e) {
      throw new UncheckedIOException(words[0], e);
    }
  }

  /** HGETALL; empty when there is no such key. */
  public Map<String, String> hash(String key) {
    List<?> flat = (List<?>) command("HGETALL", key);
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      fields.put((String) flat.get(i), (String) flat.get(i + 1));
    }
    return fields;
  }

  /** Keys that match a glob pattern, sorted. */
  public List<String> keys(String pattern) {
    return ((List<?>) command("KEYS", pattern)).stream().map(String.class::cast).sorted().toList();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("close", e);
    }
  }

  private Object reply() throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest;
      case '-' -> throw new IllegalStateException(rest);
      case ':' -> Long.valueOf(rest);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> array(Integer.parseInt(rest));
      default -> throw new IOException("reply: " + line + " (expected: RESP2)");
    };
  }

  private Object bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
      throw new EOFException("reply cut off");
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private Object array(int count) throws IOException {
    if (count < 0) {
      return null;
    }
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(reply());
    }
    return items;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\r'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("connection closed");
      }
      line.append((char) c);
    }
    if (in.read() != '\n' || line.length() == 0) {
      throw new IOException("reply: malformed line");
    }
    return line.toString();
  }
}
