package io.millrace.multijvm.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.multijvm.Nodes;
import io.millrace.testkit.Await;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What others make of the playlists: two parsers that nothing of the project was written after, and
 * shaka-player; of a stream with low latency and of one without.
 */
@Tag("clients")
@Timeout(180)
class ConformanceIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String STREAM = "studio";
  private static final Path PLAYLISTS = Path.of("target", "client-logs", "playlists");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whether playlists have parts. */
  enum Latency {
    LOW,
    PLAIN
  }

  private record Live(NodeProcess node, TestPublisher publisher, OnScreen stream) {}

  private static final Map<Latency, Live> LIVE = new HashMap<>();

  @BeforeAll
  static void publish() throws IOException {
    Path flv = CodedVideoFactory.inTarget().flv(CodedVideo.of(960, 540, 120).withGopSeconds(1));
    for (Latency latency : Latency.values()) {
      NodeProcess node =
          NodeProcess.start(
              Nodes.single(ConformanceIT.class, latency.name().toLowerCase(Locale.ROOT))
                  .withSetting("millrace.hls.low-latency", latency == Latency.LOW ? "on" : "off"));
      TestPublisher publisher =
          TestPublisher.looped(node.ready().rtmpUrl(STREAM), flv, BroadcastSettings.REAL_TIME);
      LIVE.put(latency, new Live(node, publisher, new OnScreen(node, STREAM)));
    }
    for (Live live : LIVE.values()) {
      live.node().awaitStreamState(STREAM, "live", SOON);
      live.stream().awaitSegments(3, SOON);
    }
  }

  @AfterAll
  static void stop() {
    for (Live live : LIVE.values()) {
      live.publisher().close();
      live.node().close();
    }
  }

  @Test
  void shakaPlayerPlays() throws Exception {
    Live live = LIVE.get(Latency.PLAIN);
    try (ShakaPlayer player = ShakaPlayer.open()) {
      assertThat(player.play(live.stream().multivariantUrl(), false)).as("live").isTrue();
      player.assertPlays(10, SOON);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoParsersUnderstandTheSameAndComplainOfNothing(Latency latency) throws Exception {
    Live live = LIVE.get(latency);
    Path directory = save(live, "");
    JsonNode parsed = parse(directory);

    parsed.fields().forEachRemaining(file -> assertAgreed(file.getKey(), file.getValue()));
    assertThat(parsed.at("/multivariant.m3u8/strict/variants")).hasSize(2);
    for (String rendition : live.stream().renditions()) {
      JsonNode media = parsed.path(rendition + ".m3u8").path("strict");
      List<String> listed =
          Files.readString(directory.resolve(rendition + ".m3u8"))
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
      assertThat(media.path("segments").findValuesAsText("uri")).as(rendition).containsAll(listed);
      assertThat(media.path("segments")).hasSize(listed.size());
      assertThat(media.path("hint")).hasSize(latency == Latency.LOW ? 1 : 0);
      assertThat(media.path("canBlockReload").asBoolean()).isEqualTo(latency == Latency.LOW);
    }
  }

  @Test
  void twoParsersUnderstandADeltaUpdateInTheSameWay() throws Exception {
    Live live = LIVE.get(Latency.LOW);
    Await.until(
        "there is something to skip",
        SOON,
        () -> live.node().get(media("source") + "?_HLS_skip=YES").contains("#EXT-X-SKIP:"));
    Path before = save(live, "");
    Path directory = save(live, "?_HLS_skip=YES");
    Path after = save(live, "");
    JsonNode whole = parse(before);
    JsonNode delta = parse(directory);
    JsonNode later = parse(after);

    for (String rendition : live.stream().renditions()) {
      JsonNode update = delta.path(rendition + ".m3u8");
      assertAgreed(rendition, update);
      assertThat(update.at("/strict/skipped").asInt()).as(rendition).isPositive();

      String strict = "/" + rendition + ".m3u8/strict";
      List<String> merged = merged(whole.at(strict), update.path("strict"));
      List<String> expected = uris(later.at(strict));
      assertThat(merged).as(rendition).doesNotHaveDuplicates();
      assertThat(String.join(" ", merged))
          .contains(String.join(" ", expected.subList(1, expected.size() - 1)));
    }
  }

  /** The skipped segments from the whole playlist, then those of the update. */
  private static List<String> merged(JsonNode whole, JsonNode update) {
    int skipped = update.path("skipped").asInt();
    int from = update.path("firstSequence").asInt() - skipped - whole.path("firstSequence").asInt();
    List<String> merged = new ArrayList<>(uris(whole).subList(from, from + skipped));
    merged.addAll(uris(update));
    return merged;
  }

  private static List<String> uris(JsonNode playlist) {
    List<String> uris = new ArrayList<>();
    playlist.path("segments").forEach(segment -> uris.add(segment.path("uri").asText()));
    return uris;
  }

  private static void assertAgreed(String name, JsonNode parsed) {
    assertThat(parsed.path("complaints")).as("complaints of %s", name).isEmpty();
    assertThat(parsed.path("lenient")).as(name).isEqualTo(parsed.path("strict"));
  }

  private static String media(String rendition) {
    return "/hls/" + STREAM + "/" + rendition + "/index.m3u8";
  }

  /** All playlists of the stream as files. */
  private static Path save(Live live, String query) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(Files.createDirectories(PLAYLISTS), "version-");
    Files.writeString(
        directory.resolve("multivariant.m3u8"), live.node().get("/hls/" + STREAM + "/index.m3u8"));
    for (String rendition : live.stream().renditions()) {
      Files.writeString(
          directory.resolve(rendition + ".m3u8"), live.node().get(media(rendition) + query));
    }
    return directory;
  }

  /** By file {@code {strict, lenient, complaints}}. */
  private static JsonNode parse(Path directory) throws IOException {
    String output =
        ClientProgram.run(
            "parsers",
            SOON,
            List.of("node", Path.of("players", "parse.js").toString(), directory.toString()));
    return JSON.readValue(output, ObjectNode.class);
  }
}
