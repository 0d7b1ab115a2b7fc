package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The routes, the document that describes them and this list say the same. */
class RouteTableTest {

  private static final Pattern PATH = Pattern.compile("^ {2}(/\\S*):$");
  private static final Pattern METHOD = Pattern.compile("^ {4}(get|delete|post|put|patch):$");

  private static TestServer server;
  private static List<Route> routes;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
    routes =
        HttpServer.routes(
            TestServer.settings(0),
            server.ports(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void hasExactlyTheseRoutes() {
    assertThat(names(routes))
        .containsExactlyInAnyOrder(
            "GET /hls/{stream}/index.m3u8",
            "GET /hls/{stream}/{rendition}/index.m3u8",
            "GET /hls/{stream}/{rendition}/{object}",
            "GET /api/v1/streams",
            "GET /api/v1/streams/{stream}",
            "DELETE /api/v1/streams/{stream}",
            "GET /api/v1/streams/{stream}/thumbnail.jpg",
            "GET /api/v1/node",
            "POST /api/v1/node/drain",
            "GET /api/v1/cluster",
            "GET /api/v1/openapi.yaml",
            "GET /health/live",
            "GET /health/ready",
            "GET /metrics",
            "GET /",
            "GET /watch/{stream}",
            "GET /assets/format.js",
            "GET /assets/dashboard.js",
            "GET /assets/player.js",
            "GET /assets/watch.js",
            "GET /assets/millrace.css",
            "GET /assets/icon.svg",
            "GET /assets/hls.min.js");
  }

  @Test
  void describesEveryRouteButPagesInTheOpenApiDocument() {
    List<Route> described =
        routes.stream().filter(route -> route.kind() != RouteKind.PAGE).toList();

    assertThat(documented(openApi())).isEqualTo(names(described));
  }

  @Test
  void namesEveryErrorCodeInTheOpenApiDocument() {
    Set<String> codes =
        Arrays.stream(ErrorCode.values())
            .map(ErrorCode::code)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented =
        openApi()
            .lines()
            .filter(line -> line.matches(" {12}- [a-z]+\\.[a-z-]+"))
            .map(line -> line.strip().substring(2))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).isEqualTo(codes);
  }

  @Test
  void namesEveryFieldOfAStreamInTheOpenApiDocument() {
    List<Class<?>> records =
        List.of(
            StreamInfo.class,
            StreamInfo.VideoInfo.class,
            StreamInfo.AudioInfo.class,
            StreamInfo.RenditionInfo.class,
            StreamInfo.Notice.class,
            NodeInfo.class);
    String document = openApi();

    for (Class<?> record : records) {
      for (var component : record.getRecordComponents()) {
        assertThat(document).contains("\n        " + component.getName() + ":");
      }
    }
  }

  private static String openApi() {
    return TestServer.text(server.get("/api/v1/openapi.yaml"));
  }

  private static Set<String> names(List<Route> routes) {
    return routes.stream()
        .map(route -> route.method() + " " + route.template())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> documented(String document) {
    Set<String> found = new TreeSet<>();
    String path = "";
    for (String line : document.lines().toList()) {
      Matcher pathLine = PATH.matcher(line);
      Matcher methodLine = METHOD.matcher(line);
      if (pathLine.matches()) {
        path = pathLine.group(1);
      } else if (methodLine.matches()) {
        found.add(methodLine.group(1).toUpperCase(Locale.ROOT) + " " + path);
      }
    }
    return found;
  }
}
