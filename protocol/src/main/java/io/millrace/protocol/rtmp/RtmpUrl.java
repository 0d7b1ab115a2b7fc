package io.millrace.protocol.rtmp;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where to publish to: {@code rtmp://host[:port]/app[/instance]/key[?query]}. The last part of the
 * path and the query are the name. Holds a stream key: {@link #toString()} leaves it out.
 *
 * @param host name or address, IPv6 without brackets
 * @param port 1 to 65535
 * @param app everything before the last slash
 * @param name the last part with the query, as written
 */
public record RtmpUrl(String host, int port, String app, String name) {
  public static final int DEFAULT_PORT = 1935;

  /**
   * @throws IllegalArgumentException for anything else; the message does not repeat the URL
   */
  public static RtmpUrl parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw invalid();
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    int slash = path.lastIndexOf('/');
    if (!"rtmp".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || slash < 1) {
      throw invalid();
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String host = uri.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    return new RtmpUrl(host, port, path.substring(1, slash), path.substring(slash + 1) + query);
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException("url: invalid (expected: rtmp://host[:port]/app/key)");
  }

  /** The URL without name and query, as connect carries it. */
  public String tcUrl() {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return "rtmp://" + shown + ":" + port + "/" + app;
  }

  @Override
  public String toString() {
    return "rtmp://" + host + ":" + port + "/***";
  }
}
