package io.millrace.media.worker;

import java.nio.file.Path;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.ffmpeg.ffprobe;
import org.bytedeco.javacpp.Loader;

/**
 * The {@code ffmpeg} and {@code ffprobe} programs of the same native build that the workers use;
 * unpacked to JavaCPP's cache on first use. They find their libraries beside themselves.
 */
public final class BundledFfmpeg {
  private BundledFfmpeg() {}

  public static Path ffmpeg() {
    return Path.of(Loader.load(ffmpeg.class));
  }

  public static Path ffprobe() {
    return Path.of(Loader.load(ffprobe.class));
  }
}
