package io.millrace.node.stream;

import io.millrace.http.Playlist;
import io.millrace.http.PlaylistPosition;
import io.millrace.media.hls.LowLatencyTags;
import io.millrace.media.hls.MediaPlaylistWindow;
import io.millrace.media.hls.MediaPlaylistWriter;
import io.millrace.media.hls.RenditionReport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Renders each version of a media playlist once: plain and gzip, full and as a delta update. Keeps
 * what other renditions were last reported to have, so that reports never go backward. Confined to
 * the playlists' actor.
 */
final class PlaylistRenderer implements AutoCloseable {
  private final long epoch;
  private final Map<String, RenditionReport> reports = new LinkedHashMap<>();
  private PlaylistGzip gzip;

  PlaylistRenderer(long epoch) {
    this.epoch = epoch;
  }

  Playlist render(String rendition, MediaPlaylistWindow window) {
    if (window.partTargetMillis() == 0) {
      return RenderedPlaylist.of(
          MediaPlaylistWriter.write(window), window.ended(), window.targetDurationSeconds());
    }
    window
        .report(rendition)
        .ifPresent(report -> reports.merge(rendition, report, RenditionReport::orLater));
    LowLatencyTags tags = new LowLatencyTags(window.hint(epoch), othersOf(rendition));
    Optional<Playlist> delta =
        MediaPlaylistWriter.writeDelta(window, tags)
            .map(text -> playlist(text, window, Optional.empty()));
    return playlist(MediaPlaylistWriter.write(window, tags), window, delta);
  }

  private List<RenditionReport> othersOf(String rendition) {
    List<RenditionReport> others = new ArrayList<>(reports.values());
    others.removeIf(report -> report.rendition().equals(rendition));
    return others;
  }

  private Playlist playlist(String text, MediaPlaylistWindow window, Optional<Playlist> delta) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    if (gzip == null) {
      gzip = new PlaylistGzip();
    }
    int lastPart = window.lastPart();
    return new Playlist(
        plain,
        gzip.compress(plain),
        RenderedPlaylist.etag(plain),
        window.ended(),
        window.targetDurationSeconds(),
        new PlaylistPosition(lastPart < 0 ? window.nextMsn() - 1 : window.nextMsn(), lastPart),
        delta,
        window.partTargetMillis());
  }

  @Override
  public void close() {
    if (gzip != null) {
      gzip.close();
      gzip = null;
    }
  }
}
