package io.millrace.multijvm.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.testkit.Await;
import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The operators' files of {@code conf/}: nginx and Varnish in front of a cluster, as configured
 * there, ask it once for what many want; Prometheus takes its files, scrapes the nodes with them,
 * and has an answer for everything that the dashboard asks.
 */
@Tag("clients")
@Timeout(180)
class OperatorFilesIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int CROWD = 60;
  private static final Path CONF = Path.of("..", "conf");
  private static final String PLAYLIST = "/hls/cdn/source/index.m3u8";
  private static final Pattern PART = Pattern.compile("PART:.*URI=\"[0-9]+-([0-9]+)\\.([0-9]+)");

  private static ClusterFixture cluster;
  private static TestPublisher publisher;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(Path.of("target", "nodes").toAbsolutePath());
    cluster =
        ClusterFixture.start(
            ClusterOptions.of(2, Files.createTempDirectory(root, "OperatorFilesIT-"))
                .withSetting("millrace.transcode.enabled", true)
                .withSetting("millrace.hls.low-latency", "on"));
    Path flv = CodedVideoFactory.inTarget().flv(CodedVideo.of(960, 540, 20));
    publisher = TestPublisher.looped(cluster.rtmpUrl(1, "cdn"), flv, BroadcastSettings.REAL_TIME);
    for (int node : cluster.living()) {
      Await.until("parts are listed", SOON, () -> newestPart(node).isPresent());
    }
  }

  @AfterAll
  static void stop() throws IOException {
    publisher.close();
    cluster.close();
  }

  private static Optional<MatchResult> newestPart(int node)
      throws IOException, InterruptedException {
    return PART.matcher(cluster.node(node).get(PLAYLIST))
        .results()
        .reduce((before, latest) -> latest);
  }

  /** Requests for HLS that the nodes have answered so far. */
  private static long originRequests() throws IOException, InterruptedException {
    double count = 0;
    for (int node : cluster.living()) {
      count += cluster.node(node).metric("millrace_http_requests_seconds_count", "{kind=\"hls-");
    }
    return Math.round(count);
  }

  private static void assertAskedOnce(CdnProxy proxy, String path) throws Exception {
    long before = originRequests();
    List<HttpResponse<byte[]>> answers = proxy.getByMany(CROWD, path);

    assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
    assertThat(answers.stream().map(answer -> new String(answer.body(), StandardCharsets.UTF_8)))
        .as("the same bytes for all")
        .containsOnly(new String(answers.get(0).body(), StandardCharsets.UTF_8));
    assertThat(originRequests() - before).as("requests for %s", path).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void asksOnceForWhatManyWant(CdnProxy.Program program) throws Exception {
    try (CdnProxy proxy = CdnProxy.start(program, cluster)) {
      assertAskedOnce(proxy, newSegment());
      assertAskedOnce(proxy, PLAYLIST);

      MatchResult part = newestPart(1).orElseThrow();
      long next = Long.parseLong(part.group(1)) + 1;
      assertAskedOnce(proxy, PLAYLIST + "?_HLS_msn=" + next + "&_HLS_part=0");
      assertAskedOnce(proxy, PLAYLIST + "?_HLS_skip=YES&_HLS_msn=" + next);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatMeansNothingToANodeCannotMultiplyWhatIsCached(CdnProxy.Program program)
      throws Exception {
    try (CdnProxy proxy = CdnProxy.start(program, cluster)) {
      String object = "/hls/cdn/audio/index.m3u8";
      long before = originRequests();
      for (String query : List.of("", "?a=1", "?a=2&b=3", "?_=4")) {
        assertThat(proxy.get(object + query).statusCode()).isEqualTo(200);
      }

      assertThat(originRequests() - before).isLessThanOrEqualTo(2);
      assertThat(proxy.get("/api/v1/streams").statusCode()).isEqualTo(404);
      assertThat(proxy.get("/metrics").statusCode()).isEqualTo(404);
      assertThat(proxy.get(PLAYLIST + "?_HLS_msn=x").statusCode()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @EnumSource
  void neverSaysAWrongAge(CdnProxy.Program program) throws Exception {
    try (CdnProxy proxy = CdnProxy.start(program, cluster)) {
      String segment = newSegment();
      proxy.get(segment);
      Await.until("a second has passed", SOON, () -> proxy.ageSeconds(segment) >= 2);

      HttpResponse<byte[]> answer = proxy.get(segment);
      assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
          .contains("Age", "Date");
      assertThat(answer.headers().firstValue("X-Cache").orElse("")).isEqualTo("HIT");
      assertThat(proxy.ageSeconds(segment)).isBetween(2L, 10L);
    }
  }

  /** Its address. */
  private static String newSegment() throws IOException, InterruptedException {
    return cluster
        .node(1)
        .get(PLAYLIST)
        .lines()
        .filter(line -> line.endsWith(".m4s"))
        .reduce((before, latest) -> latest)
        .map(name -> "/hls/cdn/source/" + name)
        .orElseThrow();
  }

  @Test
  void promtoolFindsNothingWrong() throws IOException {
    for (String[] check : new String[][] {{"config", "prometheus.yml"}, {"rules", "alerts.yml"}}) {
      String file = CONF.resolve("prometheus").resolve(check[1]).toString();
      assertThat(
              ClientProgram.run(
                  "promtool-" + check[0], SOON, List.of("promtool", "check", check[0], file)))
          .contains("SUCCESS")
          .doesNotContain("FAILED");
    }
  }

  @Test
  void everyMetricThatIsNamedExists() throws IOException, InterruptedException {
    TreeSet<String> existing = new TreeSet<>();
    for (int node : cluster.living()) {
      Pattern.compile("(?m)^([a-z_]+)[{ ]")
          .matcher(cluster.node(node).get("/metrics"))
          .results()
          .forEach(sample -> existing.add(sample.group(1)));
    }
    for (String file : List.of("grafana/millrace.json", "prometheus/alerts.yml")) {
      Set<String> named =
          Pattern.compile("\\b((?:millrace|jvm|process)_[a-z_]+)")
              .matcher(Files.readString(CONF.resolve(file)))
              .results()
              .map(name -> name.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(named).as(file).hasSizeGreaterThan(8);
      named.removeAll(existing);
      assertThat(named).as("%s names what no node has", file).isEmpty();
    }
  }

  @Test
  void prometheusScrapesTheNodesAndAnswersTheDashboard() throws Exception {
    try (PrometheusProgram prometheus = PrometheusProgram.start(cluster)) {
      Await.until(
          "rates of all nodes are known",
          SOON,
          () ->
              prometheus.query("rate(millrace_http_requests_seconds_count[5s]) > 0").size()
                  >= cluster.size());

      assertThat(prometheus.rules()).hasSizeGreaterThan(8);
      assertThat(prometheus.rules().values()).containsOnly("ok");
      List<String> silent = new ArrayList<>();
      for (String expression : expressionsOfTheDashboard()) {
        if (prometheus.query(expression).isEmpty()) {
          silent.add(expression);
        }
      }
      assertThat(silent).as("without an answer").allMatch(text -> text.contains("status=~"));
    }
  }

  private static List<String> expressionsOfTheDashboard() throws IOException {
    List<String> expressions = new ArrayList<>();
    for (JsonNode panel :
        new ObjectMapper()
            .readTree(CONF.resolve("grafana/millrace.json").toFile())
            .path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        expressions.add(
            target.path("expr").asText().replace("$node", ".*").replace("$__rate_interval", "5s"));
      }
    }
    assertThat(expressions).hasSizeGreaterThan(30).noneMatch(text -> text.contains("$"));
    return expressions;
  }
}
