package io.millrace.testkit.hls;

import io.millrace.media.worker.BundledFfmpeg;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One run of the {@code ffmpeg} program that comes with the native artifact. */
final class FfmpegProgram implements AutoCloseable {

  private static final int PIPE_BUFFER_BYTES = 1 << 20;

  private final List<String> arguments;
  private final Path log;
  private final Process process;

  private FfmpegProgram(List<String> arguments) throws IOException {
    this.arguments = arguments;
    this.log = Files.createTempFile("ffmpeg", ".log");
    List<String> command = new ArrayList<>();
    command.add(BundledFfmpeg.ffmpeg().toString());
    command.addAll(List.of("-hide_banner", "-v", "error"));
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectError(log.toFile()).start();
  }

  /** Writes to a program or reads from it. */
  @FunctionalInterface
  interface Exchange<S> {
    void with(S stream) throws IOException;
  }

  /**
   * Runs it with what {@code writer} writes as standard input.
   *
   * @throws IOException with the program's messages if it fails
   */
  static void feed(List<String> arguments, Exchange<OutputStream> writer) throws IOException {
    try (FfmpegProgram run = new FfmpegProgram(arguments)) {
      try (OutputStream in =
          new BufferedOutputStream(run.process.getOutputStream(), PIPE_BUFFER_BYTES)) {
        writer.with(in);
      } catch (IOException e) {
        throw run.failure(e);
      }
      run.requireSuccess();
    }
  }

  /**
   * Runs it and gives its standard output to {@code reader}.
   *
   * @throws IOException with the program's messages if it fails or complains
   */
  static void drain(List<String> arguments, Exchange<InputStream> reader) throws IOException {
    try (FfmpegProgram run = new FfmpegProgram(arguments)) {
      run.process.getOutputStream().close();
      try (InputStream out =
          new BufferedInputStream(run.process.getInputStream(), PIPE_BUFFER_BYTES)) {
        reader.with(out);
      }
      run.requireSuccess();
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(log);
  }

  private void requireSuccess() throws IOException {
    try {
      if (process.waitFor() != 0 || Files.size(log) > 0) {
        throw failure(null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while waiting for ffmpeg");
    }
  }

  private IOException failure(IOException cause) throws IOException {
    return new IOException("ffmpeg " + arguments + ": " + Files.readString(log), cause);
  }
}
