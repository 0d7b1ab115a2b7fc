package io.millrace.node.stream;

import io.millrace.http.Playlist;
import io.millrace.http.PlaylistPosition;
import io.millrace.media.Presentation;
import io.millrace.media.hls.LowLatencyTags;
import io.millrace.media.hls.MediaPlaylistWindow;
import io.millrace.media.hls.MediaPlaylistWriter;
import io.millrace.media.hls.MultivariantPlaylistWriter;
import io.millrace.media.hls.RenditionReport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Renders each version of a playlist once into the bytes that every request shares: plain and gzip,
 * and with low latency also as a delta update. Keeps what other renditions were last reported to
 * have, so that reports never go backward. Confined to the playlists' actor.
 */
final class PlaylistRenderer {
  private final long epoch;
  private final Map<String, RenditionReport> reports = new LinkedHashMap<>();

  PlaylistRenderer(long epoch) {
    this.epoch = epoch;
  }

  /**
   * @param hidden renditions that it leaves out
   */
  Playlist multivariant(Presentation presentation, Set<String> hidden) {
    byte[] plain = utf8(MultivariantPlaylistWriter.write(presentation, hidden));
    return new Playlist(
        plain,
        PlaylistGzip.compress(plain),
        etag(plain),
        false,
        presentation.targetDurationSeconds());
  }

  Playlist media(String rendition, MediaPlaylistWindow window) {
    if (window.partTargetMillis() == 0) {
      return media(
          MediaPlaylistWriter.write(window, LowLatencyTags.NONE), window, Optional.empty());
    }
    note(rendition, window);
    LowLatencyTags tags = new LowLatencyTags(window.hint(epoch), othersOf(rendition));
    Optional<Playlist> delta =
        MediaPlaylistWriter.writeDelta(window, tags)
            .map(text -> media(text, window, Optional.empty()));
    return media(MediaPlaylistWriter.write(window, tags), window, delta);
  }

  /** How far a rendition is; the playlists of the others say so from now on. */
  void note(String rendition, MediaPlaylistWindow window) {
    window
        .report(rendition)
        .ifPresent(report -> reports.merge(rendition, report, RenditionReport::orLater));
  }

  private List<RenditionReport> othersOf(String rendition) {
    List<RenditionReport> others = new ArrayList<>(reports.values());
    others.removeIf(report -> report.rendition().equals(rendition));
    return others;
  }

  private Playlist media(String text, MediaPlaylistWindow window, Optional<Playlist> delta) {
    byte[] plain = utf8(text);
    int lastPart = window.lastPart();
    long lastMsn = lastPart < 0 ? window.nextMsn() - 1 : window.nextMsn();
    return new Playlist(
        plain,
        PlaylistGzip.compress(plain),
        etag(plain),
        window.ended(),
        window.targetDurationSeconds(),
        new PlaylistPosition(lastMsn, lastPart, window.wholeParts()),
        delta,
        window.partTargetMillis());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String etag(byte[] plain) {
    CRC32 crc = new CRC32();
    crc.update(plain);
    return Long.toHexString(crc.getValue()) + "-" + Integer.toHexString(plain.length);
  }
}
