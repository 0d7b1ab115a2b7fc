package io.millrace.testkit.hls;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes FLV files (H.264 and AAC) with a {@link FrameCode} in each frame, counted from 0, and
 * {@link ToneBursts} at each whole second. Made once; kept in a directory under the parameters'
 * name.
 */
public final class CodedVideoFactory {

  private final Path directory;

  /**
   * @param directory where files are kept, e.g. {@code target/coded-video}; created if absent
   */
  public CodedVideoFactory(Path directory) {
    this.directory = directory;
  }

  /** The factory of the module under test. */
  public static CodedVideoFactory inTarget() {
    return new CodedVideoFactory(Path.of("target", "coded-video"));
  }

  /** Path of an FLV file with exactly these properties. */
  public synchronized Path flv(CodedVideo video) throws IOException {
    Path file = directory.resolve(video.fileName());
    if (Files.exists(file)) {
      return file;
    }
    Files.createDirectories(directory);
    Path part = Files.createTempFile(directory, "making", ".flv");
    Path sound = Files.createTempFile(directory, "sound", ".pcm");
    try {
      writeSound(video, sound);
      FfmpegProgram.feed(arguments(video, sound, part), stdin -> writePictures(video, stdin));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
      Files.deleteIfExists(sound);
    }
    return file;
  }

  private static List<String> arguments(CodedVideo video, Path sound, Path output) {
    List<String> a = new ArrayList<>(List.of("-y", "-f", "rawvideo", "-pix_fmt", "yuv420p"));
    a.addAll(List.of("-video_size", video.width() + "x" + video.height()));
    a.addAll(List.of("-framerate", video.fpsNum() + "/" + video.fpsDen(), "-i", "pipe:0"));
    if (video.hasAudio()) {
      a.addAll(List.of("-f", "s16le", "-ar", "" + video.audioRate()));
      a.addAll(List.of("-ac", "" + video.audioChannels(), "-i", sound.toString()));
      a.addAll(List.of("-c:a", "aac", "-b:a", "96k"));
    }
    a.addAll(List.of("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"));
    a.addAll(List.of("-bf", "" + video.bFrames(), "-g", "" + video.gopFrames()));
    a.addAll(List.of("-x264-params", x264Params(video)));
    a.addAll(List.of("-b:v", video.bitrateKbps() + "k", "-maxrate", video.bitrateKbps() + "k"));
    a.addAll(List.of("-bufsize", video.bitrateKbps() + "k"));
    a.addAll(List.of("-flvflags", "no_duration_filesize", "-f", "flv", output.toString()));
    return a;
  }

  private static String x264Params(CodedVideo video) {
    return "scenecut=0:open-gop=0:b-adapt=0:b-pyramid=none:min-keyint=" + video.gopFrames();
  }

  private static void writePictures(CodedVideo video, OutputStream out) throws IOException {
    int luma = video.width() * video.height();
    byte[] background = background(video.width(), video.height());
    byte[] picture = new byte[luma + luma / 2];
    for (int frame = 0; frame < video.frames(); frame++) {
      System.arraycopy(background, 0, picture, 0, picture.length);
      drawMovingBar(picture, video.width(), video.height(), frame);
      FrameCode.draw(picture, video.width(), video.height(), frame);
      out.write(picture);
    }
  }

  /** Soft diagonal stripes in colour: something to code, but not noise. */
  private static byte[] background(int width, int height) {
    byte[] picture = new byte[width * height * 3 / 2];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture[y * width + x] = (byte) (96 + (((x + y) >> 3) & 31) * 2);
      }
    }
    int chroma = width * height;
    for (int i = 0; i < chroma / 4; i++) {
      int x = i % (width / 2);
      picture[chroma + i] = (byte) (96 + 64 * x / (width / 2));
      picture[chroma + chroma / 4 + i] = (byte) (160 - 64 * x / (width / 2));
    }
    return picture;
  }

  private static void drawMovingBar(byte[] picture, int width, int height, int frame) {
    int left = frame * 4 % (width - width / 16);
    for (int y = height * 12 / 16; y < height * 14 / 16; y++) {
      for (int x = left; x < left + width / 16; x++) {
        picture[y * width + x] = (byte) 220;
      }
    }
  }

  private static void writeSound(CodedVideo video, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      long samples = (long) video.durationSeconds() * video.audioRate();
      for (long i = 0; i < samples; i++) {
        short value = ToneBursts.sample(i, video.audioRate());
        for (int channel = 0; channel < video.audioChannels(); channel++) {
          out.write(value);
          out.write(value >> 8);
        }
      }
    }
  }
}
