package io.millrace.bench;

import io.millrace.media.publish.BroadcastSettings;
import io.millrace.media.worker.BundledFfmpeg;
import io.millrace.testkit.Await;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A node with a live 1080p30 stream of 4.7 Mbit/s, ladder off, segments of 2 s: video segments have
 * about 1.2 MB, a third of a second of it is a part, and a segment of sound has 32 kB.
 */
final class DeliverySource implements AutoCloseable {
  private static final String STREAM = "delivery";
  private static final int CLIP_SECONDS = 20;
  private static final int FULL_WINDOW = 14;
  private static final Pattern PART = Pattern.compile("#EXT-X-PART:.*URI=\"([^\"]+)\"");
  private static final Duration SOON = Duration.ofSeconds(60);

  /** What is fetched; the name of its copy for the others. */
  enum Kind {
    PLAYLIST("playlist.m3u8", 64),
    SOUND("sound.m4s", 64),
    /** Can be fetched for three target durations after it has left the playlist: 12 s in all. */
    PART("part.m4s", 32),
    SEGMENT("segment.m4s", 16);

    final String file;
    final int connections;

    Kind(String file, int connections) {
      this.file = file;
      this.connections = connections;
    }

    static Kind of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final NodeProcess node;
  private final TestPublisher publisher;

  private DeliverySource(NodeProcess node, TestPublisher publisher) {
    this.node = node;
    this.publisher = publisher;
  }

  /** Returns when the playlist is as long as it gets. */
  static DeliverySource start(Path directory) throws IOException, InterruptedException {
    Path clip = Clip.make(BundledFfmpeg.ffmpeg(), CLIP_SECONDS);
    NodeProcess node =
        NodeProcess.start(
            NodeJvm.tuned(NodeOptions.single("delivery", directory))
                .withSetting("millrace.transcode.enabled", false)
                .withSetting("millrace.hls.low-latency", "on")
                .withSetting("millrace.hls.segment-duration", "2s"));
    DeliverySource source =
        new DeliverySource(
            node,
            TestPublisher.looped(node.ready().rtmpUrl(STREAM), clip, BroadcastSettings.REAL_TIME));
    Await.until(
        "the window is full",
        SOON,
        () -> source.segments(source.media("source")).size() >= FULL_WINDOW);
    return source;
  }

  List<Long> processes() {
    return List.of(node.pid());
  }

  /** The newest of its kind. */
  URI url(Kind kind) throws IOException, InterruptedException {
    URI playlist = media(kind == Kind.SOUND ? "audio" : "source");
    if (kind == Kind.PLAYLIST) {
      return playlist;
    }
    List<String> names = kind == Kind.PART ? parts(playlist) : segments(playlist);
    return playlist.resolve(names.get(names.size() - 1));
  }

  /** Writes one of each kind to a directory. */
  void copyTo(Path directory) throws IOException, InterruptedException {
    for (Kind kind : Kind.values()) {
      Files.write(directory.resolve(kind.file), get(url(kind)));
    }
  }

  private URI media(String rendition) {
    return node.ready().http("/hls/" + STREAM + "/" + rendition + "/index.m3u8");
  }

  private List<String> segments(URI playlist) throws IOException, InterruptedException {
    return new String(get(playlist), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .toList();
  }

  private List<String> parts(URI playlist) throws IOException, InterruptedException {
    return PART.matcher(new String(get(playlist), StandardCharsets.UTF_8))
        .results()
        .map(part -> part.group(1))
        .toList();
  }

  private byte[] get(URI uri) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(uri).timeout(SOON).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException(uri + ": status " + response.statusCode());
    }
    return response.body();
  }

  @Override
  public void close() {
    publisher.close();
    node.close();
  }
}
