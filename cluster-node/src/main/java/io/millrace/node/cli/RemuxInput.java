package io.millrace.node.cli;

import io.millrace.media.worker.BundledFfmpeg;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;

/**
 * A media file as FLV, by the bundled ffmpeg, which only changes the container. The end is an error
 * when ffmpeg says so: a file that it cannot read must not pass for a short one. Closing stops it.
 */
final class RemuxInput extends FilterInputStream {
  private final Process remux;
  private final Path file;

  private RemuxInput(Process remux, Path file) {
    super(new BufferedInputStream(remux.getInputStream()));
    this.remux = remux;
    this.file = file;
  }

  static RemuxInput open(Path file) throws IOException {
    Process remux =
        new ProcessBuilder(
                BundledFfmpeg.ffmpeg().toString(),
                "-v",
                "error",
                "-nostdin",
                "-i",
                file.toString(),
                "-c",
                "copy",
                "-f",
                "flv",
                "-")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new RemuxInput(remux, file);
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    if (value < 0) {
      checkExit();
    }
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = super.read(bytes, offset, length);
    if (count < 0) {
      checkExit();
    }
    return count;
  }

  private void checkExit() throws IOException {
    try {
      int code = remux.waitFor();
      if (code != 0) {
        throw new IOException(
            "FILE = " + file + ": ffmpeg could not turn it into FLV, exit code " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while ffmpeg ends");
    }
  }

  @Override
  public void close() throws IOException {
    remux.destroy();
    super.close();
  }
}
