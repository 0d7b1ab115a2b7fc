package io.millrace.bench.crowd;

import io.millrace.bench.load.Answer;
import io.millrace.bench.load.AnswerSink;
import io.millrace.bench.load.ClientConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One player on one connection: multivariant playlist, playlists of its first variant's picture and
 * of the sound, init segments, then media as it is listed, and reloads; low-latency ones are
 * blocking and ask for deltas. What fails is counted and tried again after a second, as hls.js
 * does.
 */
final class Viewer {
  private static final int OK = 200;
  private static final int REQUESTS_OF_HURRIED = 10;
  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  private final Crowd crowd;
  private final int number;
  private final List<Track> tracks = new ArrayList<>();
  private ClientConnection connection;
  private long joinedNanos;
  private long playsSinceNanos;
  private int requestsOfConnection;
  private boolean plays;
  private boolean left;

  Viewer(Crowd crowd, int number) {
    this.crowd = crowd;
    this.number = number;
  }

  void join() {
    joinedNanos = System.nanoTime();
    proceed();
  }

  /** Asks for nothing more; the connection stays, so that the server's memory can be looked at. */
  void leave() {
    left = true;
  }

  void disconnect() {
    left = true;
    if (connection != null) {
      connection.close();
    }
  }

  /** Does the next thing that there is to do. */
  private void proceed() {
    if (left) {
      return;
    }
    if (tracks.isEmpty()) {
      get(crowd.multivariantPath(), true, this::multivariant);
      return;
    }
    for (Track track : tracks) {
      if (track.list == null) {
        get(track.path, true, answer -> loaded(track, false, false, answer));
        return;
      }
      if (!track.hasInit) {
        get(track.directory() + track.list.init(), false, answer -> track.hasInit = true);
        return;
      }
    }
    fetchOrReload();
  }

  private void fetchOrReload() {
    Track behind = tracks.get(0);
    for (Track track : tracks) {
      MediaItem item = track.next(lowLatency(track));
      if (item != null) {
        get(track.directory() + item.uri(), false, answer -> fetched(track, item, answer));
        return;
      }
      boolean earlier =
          lowLatency(track)
              ? position(track) < position(behind)
              : track.reloadNanos < behind.reloadNanos;
      behind = earlier ? track : behind;
    }
    reload(behind);
  }

  private static long position(Track track) {
    return track.list.nextMsn() * 1000 + track.list.nextPart();
  }

  private void reload(Track track) {
    if (lowLatency(track)) {
      boolean delta = track.list.maySkip();
      String path =
          track.path
              + "?_HLS_msn="
              + track.list.nextMsn()
              + "&_HLS_part="
              + track.list.nextPart()
              + (delta ? "&_HLS_skip=YES" : "");
      get(path, true, answer -> loaded(track, true, delta, answer));
    } else if (!crowd.hurries() && track.reloadNanos - System.nanoTime() > 0) {
      crowd.loop().at(track.reloadNanos, this::proceed);
    } else {
      get(track.path, true, answer -> loaded(track, false, false, answer));
    }
  }

  private boolean lowLatency(Track track) {
    return crowd.isLowLatency() && track.list.mayBlock();
  }

  // --- answers ----------------------------------------------------------------------------------

  private void multivariant(Answer answer) {
    crowd.figures().playlist(answer);
    String path = crowd.multivariantPath();
    String directory = path.substring(0, path.lastIndexOf('/') + 1);
    boolean variant = false;
    for (String line : PlaylistCache.text(path, answer).split("\n", -1)) {
      if (line.startsWith("#EXT-X-MEDIA:") && line.contains("TYPE=AUDIO")) {
        tracks.add(new Track(directory + MediaList.attribute(line, "URI")));
      } else if (line.startsWith("#EXT-X-STREAM-INF:")) {
        variant = true;
      } else if (variant && !line.startsWith("#")) {
        tracks.add(0, new Track(directory + line));
        return;
      }
    }
    throw new IllegalStateException("no variant in " + path);
  }

  private void loaded(Track track, boolean blocking, boolean delta, Answer answer) {
    PlaylistCache.Version version =
        crowd.playlists().media(track.path, track.directory(), delta, answer);
    long due = blocking ? Math.max(answer.sentNanos(), version.firstSeenNanos()) : 0;
    if (blocking) {
      crowd.figures().reloads.add(answer.endNanos() - due);
    } else {
      crowd.figures().playlist(answer);
    }
    boolean changed = track.list == null || version.list().nextMsn() > track.list.nextMsn();
    track.list = version.list();
    if (!track.started) {
      track.start(lowLatency(track));
    } else if (track.hasFallenOut() && !delta) {
      crowd.figures().error("fell out of the playlist");
      track.start(lowLatency(track));
    }
    double wait = track.list.targetSeconds() * (changed ? 1 : 0.5);
    track.reloadNanos = answer.sentNanos() + (long) (wait * 1e9);
  }

  private void fetched(Track track, MediaItem item, Answer answer) {
    CrowdFigures figures = crowd.figures();
    figures.downloads.add(answer.endNanos() - answer.sentNanos());
    long listed = crowd.playlists().listedNanos(track.directory(), item);
    if (listed > joinedNanos) {
      figures.behind.add(answer.endNanos() - listed);
    }
    if (plays) {
      long late = answer.endNanos() - playsSinceNanos - (long) (track.bufferedSeconds * 1e9);
      if (late > 0) {
        figures.stalls.add(late);
        playsSinceNanos += late;
      }
    }
    track.fetched(item);
    if (!plays && tracks.stream().allMatch(each -> each.bufferedSeconds > 0)) {
      plays = true;
      playsSinceNanos = answer.endNanos();
      figures.joins.add(answer.endNanos() - joinedNanos);
      figures.joined++;
    }
  }

  // --- requests ---------------------------------------------------------------------------------

  @FunctionalInterface
  private interface Take {
    void take(Answer answer);
  }

  private void get(String path, boolean keepBody, Take take) {
    try {
      connect();
    } catch (IOException e) {
      failed(e);
      return;
    }
    byte[] request =
        ("GET " + path + crowd.headerFields() + number + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    connection.send(
        request,
        keepBody,
        new AnswerSink() {
          @Override
          public void answered(Answer answer) {
            crowd.figures().requests++;
            crowd.figures().bytes += answer.bodyBytes();
            if (answer.status() == OK) {
              take.take(answer);
              proceed();
            } else {
              again(answer.status() + " " + path.substring(path.lastIndexOf('.')));
            }
          }

          @Override
          public void failed(IOException reason) {
            Viewer.this.failed(reason);
          }
        });
  }

  private void connect() throws IOException {
    if (crowd.hurries() && connection != null && requestsOfConnection >= REQUESTS_OF_HURRIED) {
      connection.close();
    }
    if (connection == null || !connection.isOpen()) {
      connection = crowd.connect(number);
      requestsOfConnection = 0;
      crowd.figures().connections++;
    }
    requestsOfConnection++;
  }

  private void failed(IOException reason) {
    again(reason.getClass().getSimpleName() + " " + reason.getMessage());
  }

  private void again(String error) {
    if (!left) {
      crowd.figures().error(error);
      crowd.loop().at(System.nanoTime() + RETRY_NANOS, this::proceed);
    }
  }
}
