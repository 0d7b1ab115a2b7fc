package io.millrace.testkit.history;

import io.millrace.testkit.hls.LowLatency;
import io.millrace.testkit.hls.MediaPlaylist;
import io.millrace.testkit.hls.PlaylistObserver;
import io.millrace.testkit.hls.PlaylistParser;
import io.millrace.testkit.hls.PlaylistSyntaxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps each version of each media playlist that any node showed, as {@code
 * NODE/RENDITION/UNIX-MS.m3u8}, and says where two nodes show the same version with other bytes.
 * Two texts are the same version when they list the same range of segments and agree on the end.
 * Thread-safe.
 */
final class VersionArchive implements PlaylistObserver {

  /**
   * What the number of a version would be, if playlists had one.
   *
   * @param newestPart URI of the newest part of the segment in flight, empty when none is listed
   * @param hint names the owner of what comes next, who does not repeat its predecessor's parts
   */
  private record Version(
      String rendition,
      long mediaSequence,
      long lastMsn,
      boolean ended,
      String newestPart,
      String hint) {}

  private record Shown(String node, String text) {}

  /** Newest segment that a node has listed of a rendition. */
  private record Newest(long msn, long epoch) {}

  private final Path directory;
  private final Map<Version, Shown> versions = new HashMap<>();
  private final Map<String, String> lastOfNode = new HashMap<>();
  private final Map<String, Newest> newestOfNode = new HashMap<>();
  private final List<SegmentListed> growths = new ArrayList<>();
  private final Set<String> problems = new LinkedHashSet<>();

  VersionArchive(Path directory) {
    this.directory = directory;
  }

  @Override
  public synchronized void version(String url, Instant at, String text) {
    URI uri = URI.create(url);
    String[] path = uri.getPath().split("/", -1);
    String node = uri.getAuthority();
    String rendition = path[path.length - 2];
    if (text.equals(lastOfNode.put(node + "/" + rendition, text))) {
      return;
    }
    save(node, rendition, at, text);
    try {
      if (PlaylistParser.parse(text) instanceof MediaPlaylist playlist) {
        compare(node, rendition, at, playlist, text);
      }
    } catch (PlaylistSyntaxException e) {
      problems.add(url + ": " + e.getMessage());
    }
  }

  synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  synchronized List<SegmentListed> growths() {
    return List.copyOf(growths);
  }

  private void compare(
      String node, String rendition, Instant at, MediaPlaylist playlist, String text) {
    Version version =
        new Version(
            rendition,
            playlist.mediaSequence(),
            playlist.lastMsn(),
            playlist.ended(),
            newestPart(playlist),
            String.join(" ", playlist.lowLatency().hints()));
    Shown first = versions.putIfAbsent(version, new Shown(node, text));
    if (first != null && !first.text().equals(text)) {
      problems.add(version + " on " + node + " is not what " + first.node() + " showed");
    }
    if (!playlist.segments().isEmpty()) {
      noteGrowth(node, rendition, at, playlist);
    }
  }

  private static String newestPart(MediaPlaylist playlist) {
    List<LowLatency.Part> open = playlist.lowLatency().open();
    return open.isEmpty() ? "" : open.get(open.size() - 1).uri();
  }

  private void noteGrowth(String node, String rendition, Instant at, MediaPlaylist playlist) {
    String last = playlist.segments().get(playlist.segments().size() - 1).uri();
    Newest newest = new Newest(playlist.lastMsn(), StreamHistory.epochOf(last));
    Newest before = newestOfNode.get(node + "/" + rendition);
    if (before == null || newest.msn() > before.msn()) {
      newestOfNode.put(node + "/" + rendition, newest);
      boolean newEpoch = before != null && newest.epoch() > before.epoch();
      growths.add(new SegmentListed(node, rendition, newest.msn(), newEpoch, at));
    }
  }

  private void save(String node, String rendition, Instant at, String text) {
    Path file =
        directory
            .resolve(node.replace(':', '-'))
            .resolve(rendition)
            .resolve(at.toEpochMilli() + ".m3u8");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
