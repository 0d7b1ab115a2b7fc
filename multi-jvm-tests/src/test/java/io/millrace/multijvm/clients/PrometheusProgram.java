package io.millrace.multijvm.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Prometheus with the files of {@code conf/prometheus}; only addresses are others, and it scrapes
 * each second.
 */
final class PrometheusProgram implements AutoCloseable {
  private static final Path CONF = Path.of("..", "conf", "prometheus");
  private static final Path FILES = Path.of("target", "client-logs");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ClientProgram process;
  private final int port;
  private final HttpClient client = HttpClient.newHttpClient();

  private PrometheusProgram(ClientProgram process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Returns once it has scraped every node. */
  static PrometheusProgram start(ClusterFixture cluster) throws IOException {
    Path directory =
        Files.createTempDirectory(Files.createDirectories(FILES), "prometheus-").toAbsolutePath();
    Files.copy(CONF.resolve("alerts.yml"), directory.resolve("alerts.yml"));
    Path config = Files.writeString(directory.resolve("prometheus.yml"), config(cluster));
    int port = CdnProxy.freePort();
    List<String> command =
        List.of(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port);
    PrometheusProgram prometheus =
        new PrometheusProgram(ClientProgram.start("prometheus", command), port);
    try {
      Await.until(
          "all nodes are scraped",
          SOON,
          () -> prometheus.query("up{job=\"millrace\"} == 1").size() == cluster.size());
      return prometheus;
    } catch (AssertionError e) {
      prometheus.close();
      throw e;
    }
  }

  private static String config(ClusterFixture cluster) throws IOException {
    String targets =
        cluster.living().stream()
            .map(node -> '"' + CdnProxy.address(cluster.node(node).ready()) + '"')
            .collect(Collectors.joining(", ", "targets: [", "]"));
    String text = Files.readString(CONF.resolve("prometheus.yml"));
    text = CdnProxy.replaced(text, "interval: 15s", "interval: 1s");
    return text.replaceAll("targets: \\[.*]", targets);
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path)).build();
    String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    JsonNode json = JSON.readTree(answer);
    if (!json.path("status").asText().equals("success")) {
      throw new AssertionError(path + ": " + answer);
    }
    return json.path("data");
  }

  /** Samples that the expression has now. */
  JsonNode query(String expression) throws IOException, InterruptedException {
    return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .path("result");
  }

  /** Health of each alert rule by name: ok, err, unknown. */
  Map<String, String> rules() throws IOException, InterruptedException {
    Map<String, String> rules = new TreeMap<>();
    for (JsonNode group : get("rules").path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        rules.put(rule.path("name").asText(), rule.path("health").asText());
      }
    }
    return rules;
  }

  @Override
  public void close() {
    process.close();
  }
}
