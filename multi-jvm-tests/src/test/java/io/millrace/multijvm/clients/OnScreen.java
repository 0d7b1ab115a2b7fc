package io.millrace.multijvm.clients;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Await;
import io.millrace.testkit.process.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a node offers of a stream, seen from outside. */
final class OnScreen {
  private final NodeProcess node;
  private final String stream;

  OnScreen(NodeProcess node, String stream) {
    this.node = node;
    this.stream = stream;
  }

  String multivariantUrl() {
    return node.ready().http("/hls/" + stream + "/index.m3u8").toString();
  }

  String mediaPlaylistUrl(String rendition) {
    return node.ready().http("/hls/" + stream + "/" + rendition + "/index.m3u8").toString();
  }

  JsonNode api() throws IOException, InterruptedException {
    return node.json("/api/v1/streams/" + stream);
  }

  /** Names of the renditions that the API shows, audio too. */
  List<String> renditions() throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    api().path("renditions").forEach(rendition -> names.add(rendition.path("name").asText()));
    return names;
  }

  /** Codes of the notices that the API shows. */
  List<String> notices() throws IOException, InterruptedException {
    List<String> codes = new ArrayList<>();
    api().path("notices").forEach(notice -> codes.add(notice.path("code").asText()));
    return codes;
  }

  /** Segments of all renditions that were listed as gaps so far. */
  long gaps() throws IOException, InterruptedException {
    long gaps = 0;
    for (JsonNode rendition : api().path("renditions")) {
      gaps += rendition.path("gapSegments").asLong();
    }
    return gaps;
  }

  /** Segments that are listed now in a media playlist. */
  List<String> segments(String rendition) throws IOException, InterruptedException {
    return node.get("/hls/" + stream + "/" + rendition + "/index.m3u8")
        .lines()
        .filter(line -> line.endsWith(".m4s"))
        .toList();
  }

  /** {@code #EXTINF} durations, seconds. */
  List<Double> durations(String rendition) throws IOException, InterruptedException {
    return node.get("/hls/" + stream + "/" + rendition + "/index.m3u8")
        .lines()
        .filter(line -> line.startsWith("#EXTINF:"))
        .map(line -> Double.valueOf(line.substring(8, line.indexOf(','))))
        .toList();
  }

  /** Waits until every rendition lists at least {@code count} segments. */
  void awaitSegments(int count, Duration deadline) {
    Await.until(
        stream + " lists " + count + " segments in every rendition",
        deadline,
        () -> {
          List<String> names = renditions();
          for (String name : names) {
            if (segments(name).size() < count) {
              return false;
            }
          }
          return !names.isEmpty();
        });
  }
}
