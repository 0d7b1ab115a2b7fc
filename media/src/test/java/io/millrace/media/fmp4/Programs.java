package io.millrace.media.fmp4;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;

/** Runs the ffmpeg and ffprobe programs of the bundled build. */
final class Programs {
  private static final long DEADLINE_SECONDS = 120;

  private Programs() {}

  static String ffmpeg() {
    return Loader.load(org.bytedeco.ffmpeg.ffmpeg.class);
  }

  static String ffprobe() {
    return Loader.load(org.bytedeco.ffmpeg.ffprobe.class);
  }

  /** Standard output of a run that must succeed and say nothing on standard error. */
  static byte[] run(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SVT_LOG", "1"); // errors only
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      CompletableFuture<byte[]> errors = drain(process.getErrorStream());
      CompletableFuture<byte[]> output = drain(process.getInputStream());
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .as("%s ends", command)
          .isTrue();
      assertThat(new String(errors.get(), StandardCharsets.UTF_8)).as("%s", command).isEmpty();
      assertThat(process.exitValue()).as("%s", command).isZero();
      return output.get();
    } finally {
      process.destroyForcibly();
    }
  }

  private static CompletableFuture<byte[]> drain(InputStream in) {
    return CompletableFuture.supplyAsync(
        () -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          try (in) {
            in.transferTo(out);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return out.toByteArray();
        });
  }
}
