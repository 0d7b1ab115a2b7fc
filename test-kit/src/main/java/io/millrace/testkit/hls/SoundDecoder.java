package io.millrace.testkit.hls;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

/** Decodes the audio of a file to mono samples. */
final class SoundDecoder {

  private SoundDecoder() {}

  /**
   * Gives each sample, -32768 to 32767, to {@code onSample}, as the decoder puts them out: without
   * regard to timestamps.
   *
   * @throws IOException if the decoder complains about anything
   */
  static void decode(Path file, IntConsumer onSample) throws IOException {
    FfmpegProgram.drain(
        List.of(
            "-nostdin",
            "-i",
            file.toString(),
            "-map",
            "0:a:0",
            "-ac",
            "1",
            "-f",
            "s16le",
            "pipe:1"),
        out -> {
          int low = out.read();
          while (low >= 0) {
            onSample.accept((short) (low | out.read() << 8));
            low = out.read();
          }
        });
  }
}
