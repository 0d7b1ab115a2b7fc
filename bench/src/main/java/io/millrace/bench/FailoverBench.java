package io.millrace.bench;

import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Kills the process that owns a live stream again and again, at random moments, and measures what
 * viewers see: of a Millrace cluster of three nodes with the publisher on another node, and of one
 * nginx with the RTMP module that is started again at once. Segments have the default 4 s.
 */
public final class FailoverBench {
  /** Time for a killed server to come back and for the player to settle. */
  static final int SECONDS_PER_KILL = 40;

  private FailoverBench() {}

  /** Argument: number of kills, default 10. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int kills = args.length > 0 ? Integer.parseInt(args[0]) : 10;
    CodedVideo video = CodedVideo.of(640, 360, (kills + 2) * SECONDS_PER_KILL).withBFrames(2);
    Path kept = Path.of(System.getProperty("millrace.home"), "bench", "target", "coded-video");
    Path flv = new CodedVideoFactory(kept).flv(video);
    FailoverResult millrace = new MillraceFailover(video, flv, kills).run();
    millrace.lines().forEach(System.out::println);
    FailoverResult nginx = new NginxFailover(flv, kills).run();
    nginx.lines().forEach(System.out::println);
  }
}
