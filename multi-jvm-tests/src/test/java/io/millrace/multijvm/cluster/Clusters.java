package io.millrace.multijvm.cluster;

import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.hls.CodedVideo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where clusters under test keep their data and logs, {@code target/nodes/}, and what they get. */
final class Clusters {
  /** What is published; the same in all tests, as it takes a while to make. */
  static final CodedVideo VIDEO = CodedVideo.of(640, 360, 180).withGopSeconds(1).withBFrames(2);

  private static final Path ROOT = Path.of("target", "nodes");

  private Clusters() {}

  /** A cluster with an empty directory of its own and a short grace, which forms without delay. */
  static ClusterOptions of(Class<?> test, int nodes) throws IOException {
    Files.createDirectories(ROOT);
    Path directory = Files.createTempDirectory(ROOT, test.getSimpleName() + "-");
    return ClusterOptions.of(nodes, directory.toAbsolutePath())
        .withSetting("millrace.stream.reconnect-grace", "5s")
        .withSetting("millrace.transcode.worker.spares", 0)
        .withSetting("pekko.cluster.seed-node-timeout", "1s");
  }

  /** The same with segments of 2 s, so that more happens in less time. */
  static ClusterOptions quick(Class<?> test, int nodes) throws IOException {
    return of(test, nodes).withSetting("millrace.hls.segment-duration", "2s");
  }

  /** The same with a rung that costs little. */
  static ClusterOptions withRung(ClusterOptions options) {
    return options
        .withSetting("millrace.transcode.enabled", true)
        .withSetting("millrace.transcode.ladder.0.name", "240p")
        .withSetting("millrace.transcode.ladder.0.size", 240)
        .withSetting("millrace.transcode.ladder.0.bitrate", "400k")
        .withSetting("millrace.transcode.ladder.0.max-fps", 60);
  }
}
