package io.millrace.bench;

import io.millrace.testkit.browser.ChromiumPage;
import io.millrace.testkit.hls.CodedVideo;
import io.millrace.testkit.hls.CodedVideoFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Kills the process that owns a live stream again and again, at random moments, and measures what
 * viewers see: of a Millrace cluster of three nodes with the publisher on another node, and of one
 * nginx with the RTMP module that is started again at once. Segments have the default 4 s.
 */
public final class FailoverBench {
  /** Time for a killed server to come back and for the player to settle. */
  static final int SECONDS_PER_KILL = 40;

  private FailoverBench() {}

  /** Arguments: number of kills, default 10; {@code millrace} or {@code nginx}, default both. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int kills = args.length > 0 ? Integer.parseInt(args[0]) : 10;
    List<String> servers = args.length > 1 ? List.of(args[1]) : List.of("millrace", "nginx");
    if (ChromiumPage.program().isEmpty()) {
      System.out.println("stalls are not measured: chromium is not installed");
    }
    CodedVideo video = CodedVideo.of(640, 360, (kills + 2) * SECONDS_PER_KILL).withBFrames(2);
    Path kept = Path.of(System.getProperty("millrace.home"), "bench", "target", "coded-video");
    Path flv = new CodedVideoFactory(kept).flv(video);
    if (servers.contains("millrace")) {
      print(new MillraceFailover(video, flv, kills).run());
    }
    if (servers.contains("nginx") && NginxRtmp.isInstalled()) {
      print(new NginxFailover(video, flv, kills).run());
    } else if (servers.contains("nginx")) {
      System.out.println("nginx is left out: " + NginxRtmp.PACKAGES + " are not installed");
    }
  }

  private static void print(FailoverResult result) {
    result.lines().forEach(System.out::println);
  }
}
