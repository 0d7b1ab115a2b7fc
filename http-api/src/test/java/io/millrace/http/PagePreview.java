package io.millrace.http;

import io.millrace.http.StreamInfo.AudioInfo;
import io.millrace.http.StreamInfo.Notice;
import io.millrace.http.StreamInfo.RenditionInfo;
import io.millrace.http.StreamInfo.VideoInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Shows the pages with invented streams while one works on them: {@code PagePreview PORT DIRECTORY
 * STREAM...}. The directory holds what {@code ffmpeg -f hls} writes ({@code index.m3u8} and a
 * folder per rendition) and, if there is one, {@code thumbnail.jpg}; every stream plays it.
 */
final class PagePreview {

  private PagePreview() {}

  public static void main(String[] args) throws InterruptedException {
    Path directory = Path.of(args[1]);
    try (TestServer server = new TestServer(TestServer.settings(Integer.parseInt(args[0])))) {
      for (int i = 2; i < args.length; i++) {
        server.hls.streams.put(args[i], new DirectoryStream(directory));
        server.streams.infos.put(args[i], info(args[i], i - 2));
        thumbnail(server, args[i], directory);
      }
      System.out.println("ready " + server.uri("/"));
      new java.util.concurrent.CountDownLatch(1).await();
    }
  }

  private static void thumbnail(TestServer server, String id, Path directory) {
    Path file = directory.resolve(id + ".jpg");
    if (Files.exists(file)) {
      server.streams.thumbnails.put(id, read(file));
    }
  }

  private static StreamInfo info(String id, int index) {
    String state = List.of("live", "live", "reconnecting", "live", "ended").get(index % 5);
    boolean portrait = index == 3;
    return new StreamInfo(
        id,
        state,
        Instant.now().minusSeconds(95L + index * 3911L),
        state.equals("reconnecting") ? Instant.now().plusSeconds(30) : null,
        "node-1",
        1,
        1,
        state.equals("ended") ? 0 : 1 + index * 37,
        index == 1 ? "encoder" : "source",
        portrait
            ? new VideoInfo("h264", "avc1.64001f", 1080, 1920, 30, 2, 3_900_000)
            : new VideoInfo("h264", "avc1.640028", 1920, 1080, 29.97, 2, 4_700_000),
        new AudioInfo("aac", "mp4a.40.2", 48000, 2, 160_000),
        List.of(
            rung("source", "active", 1920, 1080, 6_100_000),
            rung("720p", index == 1 ? "thinned" : "active", 1280, 720, 3_300_000),
            rung("480p", index == 2 ? "suspended" : "active", 854, 480, 1_600_000),
            rung("audio", "active", 0, 0, 160_000)),
        index == 1
            ? List.of(
                new Notice(
                    Instant.now(),
                    "cut.encoder",
                    "Keyframes come every 8.3 s, so segments are cut by the encoder."))
            : List.of());
  }

  private static RenditionInfo rung(String name, String state, int width, int height, long bps) {
    return new RenditionInfo(
        name, "video", state, "avc1.640028", width, height, 29.97, bps, 17, 350, 0, 0);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record DirectoryStream(Path directory) implements HlsStream {

    @Override
    public CompletionStage<Optional<Playlist>> multivariant() {
      return CompletableFuture.completedFuture(playlist(directory.resolve("index.m3u8")));
    }

    @Override
    public Optional<Playlist> mediaPlaylist(String rendition) {
      return playlist(directory.resolve(rendition).resolve("index.m3u8"));
    }

    @Override
    public CompletionStage<Optional<MediaObject>> object(String rendition, String name) {
      Path file = directory.resolve(rendition).resolve(name);
      return CompletableFuture.completedFuture(
          Files.exists(file)
              ? Optional.of(new MediaObject(read(file), "video/mp4"))
              : Optional.empty());
    }

    @Override
    public CompletionStage<ReloadAnswer> reload(String rendition, long msn, int part) {
      return CompletableFuture.completedFuture(
          ReloadAnswer.now(ReloadAnswer.Outcome.UNKNOWN, null));
    }

    @Override
    public boolean awaits(String rendition, String name) {
      return false;
    }

    @Override
    public boolean paused() {
      return false;
    }

    private static Optional<Playlist> playlist(Path file) {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      String text = new String(read(file), StandardCharsets.UTF_8);
      boolean ended = text.contains("#EXT-X-ENDLIST");
      return Optional.of(TestServer.playlist(text, Integer.toHexString(text.hashCode()), ended, 4));
    }
  }
}
