package io.millrace.bench.crowd;

import io.millrace.bench.load.ClientConnection;
import io.millrace.bench.load.ClientLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What all viewers of one process share. */
final class Crowd {
  private static final int FIRST_SOURCE = 2;
  private static final Duration SETTLING = Duration.ofSeconds(8);
  private static final long LAG_CHECK_NANOS = Duration.ofMillis(20).toNanos();

  private final ClientLoop loop;
  private final InetSocketAddress server;
  private final String stream;
  private final boolean lowLatency;
  private final int sources;
  private final boolean hurries;
  private final String headerFields;
  private final CrowdFigures figures = new CrowdFigures();
  private final PlaylistCache playlists = new PlaylistCache();
  private final List<Viewer> present = new ArrayList<>();

  /**
   * @param sources addresses 127.0.0.2 and up that viewers come from
   * @param hurries viewers do not wait before they reload, and connect again now and then
   */
  Crowd(
      ClientLoop loop,
      InetSocketAddress server,
      String stream,
      boolean lowLatency,
      int sources,
      boolean hurries) {
    this.loop = loop;
    this.server = server;
    this.stream = stream;
    this.lowLatency = lowLatency;
    this.sources = sources;
    this.hurries = hurries;
    this.headerFields =
        " HTTP/1.1\r\nHost: "
            + server.getHostString()
            + ':'
            + server.getPort()
            + "\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nUser-Agent: crowd/";
  }

  /** Lets viewers come evenly over a time, and each stay for another; they stay connected. */
  void play(int viewers, Duration arrival, Duration stay) throws IOException {
    long start = System.nanoTime();
    figures.settledNanos = start + arrival.plus(SETTLING).toNanos();
    for (int number = 0; number < viewers; number++) {
      Viewer viewer = new Viewer(this, number);
      present.add(viewer);
      long joins = start + arrival.toNanos() * number / viewers;
      loop.at(joins, viewer::join);
      loop.at(joins + stay.toNanos(), viewer::leave);
    }
    long end = start + arrival.toNanos() + stay.toNanos();
    checkLag(start + LAG_CHECK_NANOS, end);
    loop.runUntil(end);
  }

  /** Nobody is connected any more. */
  void disband() {
    present.forEach(Viewer::disconnect);
    present.clear();
  }

  /** How long the client itself is busy with other viewers before it does what is due. */
  private void checkLag(long due, long end) {
    if (due - end < 0) {
      loop.at(
          due,
          () -> {
            figures.clientLags.add(System.nanoTime() - due);
            checkLag(Math.max(due, System.nanoTime()) + LAG_CHECK_NANOS, end);
          });
    }
  }

  ClientConnection connect(int viewer) throws IOException {
    String source = "127.0.0." + (FIRST_SOURCE + viewer % sources);
    return loop.connect(new InetSocketAddress(source, 0), server);
  }

  ClientLoop loop() {
    return loop;
  }

  boolean isLowLatency() {
    return lowLatency;
  }

  boolean hurries() {
    return hurries;
  }

  String multivariantPath() {
    return "/hls/" + stream + "/index.m3u8";
  }

  /** Everything of a request between its path and the viewer's number. */
  String headerFields() {
    return headerFields;
  }

  CrowdFigures figures() {
    return figures;
  }

  PlaylistCache playlists() {
    return playlists;
  }
}
