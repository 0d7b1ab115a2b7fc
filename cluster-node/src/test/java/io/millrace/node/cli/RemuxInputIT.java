package io.millrace.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.worker.BundledFfmpeg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemuxInputIT {
  @TempDir Path directory;

  @Test
  void turnsAFileIntoFlv() throws Exception {
    Path file = directory.resolve("good.mp4");
    Process ffmpeg =
        new ProcessBuilder(
                BundledFfmpeg.ffmpeg().toString(),
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x64:rate=10:duration=1",
                "-c:v",
                "libx264",
                file.toString())
            .inheritIO()
            .start();
    assertThat(ffmpeg.waitFor()).isZero();

    try (RemuxInput input = RemuxInput.open(file)) {
      assertThat(input.readAllBytes()).startsWith('F', 'L', 'V');
    }
  }

  @Test
  void failsAtTheEndOfAFileThatCannotBeRead() throws Exception {
    Path file = Files.writeString(directory.resolve("bad.mp4"), "nonsense");

    try (RemuxInput input = RemuxInput.open(file)) {
      assertThatThrownBy(input::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("bad.mp4: ffmpeg could not turn it into FLV");
    }
  }
}
