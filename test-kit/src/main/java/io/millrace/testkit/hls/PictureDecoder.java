package io.millrace.testkit.hls;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Decodes the video of a file picture by picture, in presentation order. */
final class PictureDecoder {

  private PictureDecoder() {}

  /**
   * Gives each decoded picture's luma, {@code width * height} bytes, to {@code onPicture}. The
   * array is reused.
   *
   * @throws IOException if the decoder complains about anything
   */
  static void decode(Path file, int width, int height, Consumer<byte[]> onPicture)
      throws IOException {
    byte[] luma = new byte[width * height];
    FfmpegProgram.drain(
        List.of(
            "-nostdin",
            "-i",
            file.toString(),
            "-map",
            "0:v:0",
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "gray",
            "pipe:1"),
        out -> {
          int read = out.readNBytes(luma, 0, luma.length);
          while (read == luma.length) {
            onPicture.accept(luma);
            read = out.readNBytes(luma, 0, luma.length);
          }
          if (read != 0) {
            throw new IOException("picture of " + read + " bytes of " + luma.length);
          }
        });
  }
}
