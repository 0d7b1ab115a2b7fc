package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The input of all contestants: 1080p30 H.264 at about 4.7 Mbit/s with AAC, made once and kept. */
final class Clip {
  private Clip() {}

  /** An FLV of {@code seconds} seconds with a keyframe every 2 s. */
  static Path make(Path ffmpeg, int seconds) throws IOException, InterruptedException {
    Path dir = Path.of(System.getProperty("millrace.home"), "bench", "target");
    Path clip = dir.resolve("clip-1080p30-" + seconds + "s.flv");
    if (Files.exists(clip)) {
      return clip;
    }
    Files.createDirectories(dir);
    Path partial = dir.resolve("clip.part.flv");
    List<String> command = new ArrayList<>();
    command.add(ffmpeg.toString());
    command.addAll(
        List.of(
            ("-v error -y -f lavfi -i testsrc2=s=1920x1080:r=30,noise=alls=12:allf=t"
                    + " -f lavfi -i sine=f=440:r=48000 -t "
                    + seconds
                    + " -c:v libx264 -preset superfast -pix_fmt yuv420p -g 60 -keyint_min 60"
                    + " -sc_threshold 0 -bf 2 -b:v 4700k -maxrate 5200k -bufsize 4700k"
                    + " -c:a aac -b:a 128k -ac 2 -f flv")
                .split(" ", -1)));
    command.add(partial.toString());
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException("ffmpeg could not make the clip, exit code " + exit);
    }
    Files.move(partial, clip, StandardCopyOption.ATOMIC_MOVE);
    return clip;
  }
}
