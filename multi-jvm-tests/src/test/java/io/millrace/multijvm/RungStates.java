package io.millrace.multijvm;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.process.NodeProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One look at how the renditions of all streams keep up, from {@code /api/v1/streams}.
 *
 * @param streams in the API's order
 */
record RungStates(List<Stream> streams) {

  /**
   * One stream.
   *
   * @param rungs transcoded video renditions, the largest first
   * @param sourceLagMillis 0 if there is none
   */
  record Stream(String id, List<Rung> rungs, long sourceLagMillis) {
    /** Load is shed from the largest rung down: below an untouched rung all are untouched. */
    boolean isShedInOrder() {
      boolean untouchedAbove = false;
      for (Rung rung : rungs) {
        if (untouchedAbove && rung.isShed()) {
          return false;
        }
        untouchedAbove |= !rung.isShed();
      }
      return true;
    }
  }

  /** One transcoded rendition. */
  record Rung(
      String name, String state, int height, long lagMillis, long droppedFrames, long gaps) {
    boolean isShed() {
      return state.equals("thinned") || state.equals("suspended");
    }
  }

  static RungStates of(NodeProcess node) throws IOException, InterruptedException {
    List<Stream> streams = new ArrayList<>();
    for (JsonNode stream : node.json("/api/v1/streams").path("streams")) {
      streams.add(stream(stream));
    }
    return new RungStates(streams);
  }

  boolean anyShed() {
    return streams.stream().flatMap(stream -> stream.rungs().stream()).anyMatch(Rung::isShed);
  }

  long summedLagMillis() {
    return streams.stream()
        .flatMap(stream -> stream.rungs().stream())
        .mapToLong(Rung::lagMillis)
        .sum();
  }

  private static Stream stream(JsonNode json) {
    List<Rung> rungs = new ArrayList<>();
    long sourceLagMillis = 0;
    for (JsonNode rendition : json.path("renditions")) {
      String name = rendition.path("name").asText();
      long lagMillis = rendition.path("lagMillis").asLong();
      if (name.equals("source")) {
        sourceLagMillis = lagMillis;
      } else if (!name.equals("audio")) {
        rungs.add(
            new Rung(
                name,
                rendition.path("state").asText(),
                rendition.path("height").asInt(),
                lagMillis,
                rendition.path("droppedFrames").asLong(),
                rendition.path("gapSegments").asLong()));
      }
    }
    rungs.sort((a, b) -> Integer.compare(b.height(), a.height()));
    return new Stream(json.path("id").asText(), rungs, sourceLagMillis);
  }
}
