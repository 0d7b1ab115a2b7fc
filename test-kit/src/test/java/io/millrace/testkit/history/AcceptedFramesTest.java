package io.millrace.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcceptedFramesTest {
  @TempDir Path directory;

  @Test
  void countsVideoFramesOfEachSession() throws IOException {
    Path log =
        Files.writeString(
            directory.resolve("log"),
            """
            accepted a 1 0 video config 0
            accepted a 1 1 video idr 0
            accepted a 1 2 audio frame 0
            accepted b 1 1 video idr 0
            acknowledged a 1 2
            accepted a 1 3 video frame 33
            accepted a 2 0 video idr 0
            """);

    assertThat(AcceptedFrames.bySession(log, "a")).containsExactly(2, 1);
  }
}
