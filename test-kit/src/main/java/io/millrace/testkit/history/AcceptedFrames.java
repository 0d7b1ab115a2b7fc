package io.millrace.testkit.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the ingests of a cluster took from publishers, from the file that {@code
 * millrace.relay.test-accept-log} names: lines {@code accepted STREAM SESSION SEQ TRACK KIND DTS}.
 */
public final class AcceptedFrames {
  private static final int FIELDS = 7;

  private AcceptedFrames() {}

  /** Number of video frames of each session of a stream, in order of sessions. */
  public static List<Integer> bySession(Path log, String stream) throws IOException {
    TreeMap<Long, Integer> counts = new TreeMap<>();
    try (Stream<String> lines = Files.lines(log)) {
      lines
          .map(line -> line.split(" ", -1))
          .filter(line -> line.length == FIELDS && isFrameOf(line, stream))
          .forEach(line -> counts.merge(Long.valueOf(line[2]), 1, Integer::sum));
    }
    return new ArrayList<>(counts.values());
  }

  private static boolean isFrameOf(String[] line, String stream) {
    return line[0].equals("accepted")
        && line[1].equals(stream)
        && line[4].equals("video")
        && !line[5].equals("config");
  }
}
