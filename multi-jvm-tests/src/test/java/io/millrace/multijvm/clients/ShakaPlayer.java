package io.millrace.multijvm.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.testkit.Await;
import io.millrace.testkit.browser.ChromiumPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** shaka-player in Chromium, on a page of another origin than the node's, as on anybody's site. */
final class ShakaPlayer implements AutoCloseable {
  private static final Path PAGE = Path.of("players", "shaka.html");
  private static final Path SCRIPT =
      Path.of("players", "node_modules", "shaka-player", "dist", "shaka-player.compiled.js");

  private static final int FIRST_FRAMES = 60;

  private final HttpServer site;
  private final ChromiumPage page;

  private ShakaPlayer(HttpServer site, ChromiumPage page) {
    this.site = site;
    this.page = page;
  }

  static ShakaPlayer open() throws IOException {
    HttpServer site =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.createContext("/shaka.html", exchange -> send(exchange, PAGE, "text/html"));
    site.createContext("/shaka-player.js", exchange -> send(exchange, SCRIPT, "text/javascript"));
    site.start();
    try {
      ChromiumPage page = ChromiumPage.open(640, 360);
      ShakaPlayer player = new ShakaPlayer(site, page);
      page.navigate(URI.create("http://127.0.0.1:" + site.getAddress().getPort() + "/shaka.html"));
      return player;
    } catch (IOException | AssertionError e) {
      site.stop(0);
      throw e;
    }
  }

  private static void send(HttpExchange exchange, Path file, String type) {
    try (exchange) {
      byte[] body = Files.readAllBytes(file);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads a live stream.
   *
   * @throws IOException with the player's error if it cannot
   */
  boolean play(String multivariantUrl, boolean lowLatency) throws IOException {
    return page.evaluate("play('" + multivariantUrl + "', " + lowLatency + ")").asBoolean();
  }

  /**
   * {@code currentTime, paused, decodedFrames, stalls, levels, behindSeconds, asked {reloads,
   * parts, segments}, errors}.
   */
  JsonNode state() throws IOException {
    return page.evaluate("state()");
  }

  /** Plays so many seconds in about that time, both levels known, without an error. */
  JsonNode assertPlays(double seconds, Duration deadline) throws IOException {
    Await.until(
        "the picture runs", deadline, () -> state().path("decodedFrames").asInt() > FIRST_FRAMES);
    long fromNanos = System.nanoTime();
    awaitPlayed(seconds, deadline);
    double took = (System.nanoTime() - fromNanos) / 1e9;
    JsonNode state = state();
    assertThat(state.path("errors")).isEmpty();
    assertThat(state.path("levels").asInt()).isEqualTo(2);
    assertThat(took).as("seconds for %s seconds of media", seconds).isLessThan(seconds + 3);
    return state;
  }

  /** Says what it knows when it does not get there. */
  private void awaitPlayed(double seconds, Duration deadline) throws IOException {
    double from = state().path("currentTime").asDouble();
    try {
      Await.until(
          seconds + " s are played",
          deadline,
          () -> state().path("currentTime").asDouble() > from + seconds);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + page.evaluate("diagnosis()"), e);
    }
  }

  @Override
  public void close() {
    page.close();
    site.stop(0);
  }
}
