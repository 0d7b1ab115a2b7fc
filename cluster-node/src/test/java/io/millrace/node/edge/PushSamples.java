package io.millrace.node.edge;

import io.millrace.http.Playlist;
import io.millrace.node.cluster.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** Versions of a stream's playlists, as owners push them. */
public final class PushSamples {
  static final Endpoint SOURCE = new Endpoint("10.0.0.1", 1937);

  private PushSamples() {}

  /** A small one with every field. */
  public static StreamPush push() {
    PushedPlaylist playlist = pushedPlaylist();
    return new StreamPush(
        2,
        7,
        SOURCE,
        playlist,
        Map.of("source", playlist),
        Map.of("source", List.of("1-0.m4s", "init-0a.mp4")),
        Map.of("source", 1L),
        Map.of("source", "2-1.3.m4s"));
  }

  private static PushedPlaylist pushedPlaylist() {
    byte[] bytes = {31, -117, 8};
    PushedPlaylist delta = new PushedPlaylist(bytes, "delta", false, 4, 1, 2, 12, 334, null);
    return new PushedPlaylist(bytes, "etag", false, 4, 1, 2, 12, 334, delta);
  }

  /** A small one with every field. */
  public static StreamChange change() {
    return new StreamChange(
        2,
        8,
        1_700_000_000_000L,
        pushedPlaylist(),
        Map.of("source", pushedPlaylist()),
        Map.of("source", new StreamChange.Names(List.of("2-1.3.m4s"), List.of("1-0.m4s"))),
        Map.of("source", 1L),
        Map.of("source", "2-1.4.m4s", "audio", ""));
  }

  static Playlist playlist(String text, boolean ended) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Playlist(plain, gzip.toByteArray(), "etag-" + text, ended, 4);
  }

  /** With one rendition that has {@code segments} segments so far. */
  static StreamSnapshot snapshot(long epoch, long version, long segments, boolean ended) {
    Playlist playlist = playlist(epoch + "/" + version + "/" + segments, ended);
    Set<String> names = segments == 0 ? Set.of() : Set.of(epoch + "-" + (segments - 1) + ".m4s");
    return new StreamSnapshot(
        "cam",
        epoch,
        version,
        Optional.of(playlist),
        Map.of("source", playlist),
        Map.of("source", names),
        Map.of("source", segments),
        Map.of());
  }

  static StreamPush push(long epoch, long version, long segments) {
    return StreamPush.of(snapshot(epoch, version, segments, false), SOURCE);
  }
}
