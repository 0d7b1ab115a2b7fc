package io.millrace.testkit.process;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node says on stdout when it can be used: {@code millrace ready rtmp=HOST:PORT
 * http=HOST:PORT [https=HOST:PORT] node=NAME}. A wildcard address is read as loopback.
 *
 * @param httpsPort on the same host as HTTP; 0 without TLS
 */
public record ReadyLine(
    String rtmpHost, int rtmpPort, String httpHost, int httpPort, int httpsPort, String node) {
  private static final Pattern FORM =
      Pattern.compile(
          "millrace ready rtmp=(\\S+):(\\d+) http=(\\S+):(\\d+)(?: https=\\S+:(\\d+))?"
              + " node=(\\S+).*");

  /** Empty if the line is any other output. */
  public static Optional<ReadyLine> parse(String line) {
    Matcher matcher = FORM.matcher(line.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new ReadyLine(
            reachable(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            reachable(matcher.group(3)),
            Integer.parseInt(matcher.group(4)),
            matcher.group(5) == null ? 0 : Integer.parseInt(matcher.group(5)),
            matcher.group(6)));
  }

  /** Where to publish under this key in the application {@code live}. */
  public String rtmpUrl(String key) {
    return "rtmp://" + rtmpHost + ":" + rtmpPort + "/live/" + key;
  }

  /** An address on the HTTP port; {@code path} starts with a slash. */
  public URI http(String path) {
    return URI.create("http://" + httpHost + ":" + httpPort + path);
  }

  private static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0", "[::]", "::", "0:0:0:0:0:0:0:0", "[0:0:0:0:0:0:0:0]" -> "127.0.0.1";
      default -> host;
    };
  }
}
