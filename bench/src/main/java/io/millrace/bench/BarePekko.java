package io.millrace.bench;

import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * Pekko HTTP as it comes, in a process of its own, that answers with constant bytes and no header
 * fields but its own: what a server on Pekko HTTP cannot be cheaper than without touching it.
 */
public final class BarePekko implements AutoCloseable {
  private static final String READY = "listens on ";

  private final Process process;
  private final int port;

  private BarePekko(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Argument: directory of the files to serve. */
  public static void main(String[] args) throws IOException {
    Map<String, HttpResponse> answers = new HashMap<>();
    try (Stream<Path> files = Files.list(Path.of(args[0]))) {
      for (Path file : files.toList()) {
        answers.put(
            "/" + file.getFileName(),
            HttpResponse.create()
                .withEntity(ContentTypes.APPLICATION_OCTET_STREAM, Files.readAllBytes(file)));
      }
    }
    HttpResponse unknown = HttpResponse.create().withStatus(StatusCodes.NOT_FOUND);
    ActorSystem system = ActorSystem.create("bare", ConfigFactory.defaultReference());
    Http.get(system)
        .newServerAt("127.0.0.1", 0)
        .bindSync(request -> answers.getOrDefault(request.getUri().path(), unknown))
        .thenAccept(binding -> System.out.println(READY + binding.localAddress().getPort()));
  }

  /** Starts it and waits until it listens. */
  static BarePekko start(Path files) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                BarePekko.class.getName(),
                files.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        return new BarePekko(process, Integer.parseInt(line.substring(READY.length())));
      }
    }
    throw new IOException("bare Pekko HTTP did not start");
  }

  URI url(String file) {
    return URI.create("http://127.0.0.1:" + port + "/" + file);
  }

  List<Long> processes() {
    return List.of(process.pid());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
