package io.millrace.multijvm.clients;

import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.process.ReadyLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A cache in front of a cluster, with its file of {@code conf/cdn}. Only what depends on the
 * machine is another: addresses, ports and directories.
 */
final class CdnProxy implements AutoCloseable {
  private static final Path CONF = Path.of("..", "conf", "cdn");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int NODES_IN_FILES = 3;

  /** Which cache. */
  enum Program {
    NGINX,
    VARNISH
  }

  private final ClientProgram process;
  private final int port;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private CdnProxy(ClientProgram process, int port) {
    this.process = process;
    this.port = port;
  }

  static CdnProxy start(Program program, ClusterFixture cluster) throws IOException {
    Path directory = Files.createTempDirectory("millrace-cdn-");
    // Varnish reads its file as a user of its own.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    int port = freePort();
    List<String> command =
        program == Program.NGINX
            ? nginx(cluster, directory, port)
            : varnish(cluster, directory, port);
    CdnProxy proxy = new CdnProxy(ClientProgram.start(command.get(0) + "-" + port, command), port);
    try {
      Await.until("the cache answers", SOON, () -> proxy.get("/").statusCode() == 404);
      return proxy;
    } catch (AssertionError e) {
      proxy.close();
      throw e;
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static List<String> nginx(ClusterFixture cluster, Path directory, int port)
      throws IOException {
    String text = Files.readString(CONF.resolve("nginx.conf"));
    for (int i = 0; i < NODES_IN_FILES; i++) {
      ReadyLine node = node(cluster, i);
      text = replaced(text, "server 127.0.0." + (i + 1) + ":8080", "server " + address(node) + " ");
    }
    text = replaced(text, "listen 80 ", "listen 127.0.0.1:" + port + " ");
    text = replaced(text, "/var/cache/nginx/millrace", directory.resolve("cache").toString());
    text = replaced(text, "/run/nginx-millrace.pid", directory.resolve("pid").toString());
    text = replaced(text, "/var/log/nginx/millrace-error.log", "stderr");
    if (System.getProperty("user.name").equals("root")) {
      text = "user root;\n" + text;
    }
    Path file = Files.writeString(directory.resolve("nginx.conf"), text);
    return List.of("nginx", "-c", file.toString(), "-g", "daemon off;");
  }

  private static List<String> varnish(ClusterFixture cluster, Path directory, int port)
      throws IOException {
    String text = Files.readString(CONF.resolve("varnish.vcl"));
    for (int i = 0; i < NODES_IN_FILES; i++) {
      ReadyLine node = node(cluster, i);
      text =
          replaced(
              text,
              ".host = \"127.0.0." + (i + 1) + "\";\n  .port = \"8080\";",
              ".host = \"" + node.httpHost() + "\"; .port = \"" + node.httpPort() + "\";");
    }
    Path file = Files.writeString(directory.resolve("varnish.vcl"), text);
    List<String> command = new ArrayList<>(List.of("varnishd", "-F", "-f", file.toString()));
    command.addAll(List.of("-a", "127.0.0.1:" + port, "-n", directory.resolve("n").toString()));
    command.addAll(List.of("-s", "malloc,64m", "-s", "Transient=malloc,64m"));
    return command;
  }

  private static ReadyLine node(ClusterFixture cluster, int index) {
    return cluster.node(1 + index % cluster.size()).ready();
  }

  static String address(ReadyLine node) {
    return node.httpHost() + ":" + node.httpPort();
  }

  static String replaced(String text, String from, String to) {
    if (!text.contains(from)) {
      throw new AssertionError("the file does not contain: " + from);
    }
    return text.replace(from, to);
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(SOON)
        .build();
  }

  HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return client.send(request(path), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** At the same time, each on a connection of its own. */
  List<HttpResponse<byte[]>> getByMany(int count, String path) {
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(client.sendAsync(request(path), HttpResponse.BodyHandlers.ofByteArray()));
    }
    return all.stream().map(CompletableFuture::join).toList();
  }

  /** By Age, or by the Date of the node where the cache says no Age. */
  long ageSeconds(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = get(path);
    Optional<String> age = answer.headers().firstValue("Age");
    if (age.isPresent()) {
      return Long.parseLong(age.get());
    }
    String date = answer.headers().firstValue("Date").orElseThrow();
    Instant made = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    return Duration.between(made, Instant.now()).toSeconds();
  }

  @Override
  public void close() {
    process.close();
  }
}
