package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules about answers: H8, H16 and H18 (what must be fetchable), H9 (objects never change), H19
 * (types, gzip, no redirects). Names no node: the same object from two nodes must be the same.
 */
final class ResponseRules {

  private static final Set<String> PLAYLIST_TYPES =
      Set.of("application/vnd.apple.mpegurl", "audio/mpegurl");
  private static final Set<String> MEDIA_TYPES =
      Set.of("video/mp4", "audio/mp4", "video/iso.segment");

  private final PlaylistLinter linter;
  private final Map<String, String> hashes = new HashMap<>();
  private Instant goneAt;

  ResponseRules(PlaylistLinter linter) {
    this.linter = linter;
  }

  void check(ObservedResponse response, Report report) {
    if (response.status() >= 300 && response.status() < 400 && response.status() != 304) {
      report.add("H19", "redirected: " + response.url());
      return;
    }
    if (response.status() == 200) {
      checkType(response, report);
    }
    if (response.isPlaylist()) {
      notePlaylist(response);
    } else {
      checkObject(response, report);
    }
  }

  private void notePlaylist(ObservedResponse response) {
    boolean gone = response.status() == 404 || response.status() == 410;
    if (gone && goneAt == null && linter.multivariant().seen()) {
      goneAt = response.at();
    }
  }

  private static void checkType(ObservedResponse response, Report report) {
    Set<String> allowed = response.isPlaylist() ? PLAYLIST_TYPES : MEDIA_TYPES;
    if (!allowed.contains(response.contentType())) {
      report.add("H19", response.url() + " has type " + response.contentType());
    }
    if (response.isPlaylist()
        && response.askedForGzip()
        && !response.contentEncoding().equals("gzip")) {
      report.add("H19", response.url() + " without gzip");
    }
  }

  private void checkObject(ObservedResponse response, Report report) {
    ResourceName name = ResourceName.of(response.url());
    if (response.status() == 200) {
      checkUnchanged(name, response.body(), report);
    } else {
      checkMissing(name, response, report);
    }
  }

  private void checkUnchanged(ResourceName name, byte[] body, Report report) {
    String hash = sha256(body);
    String before = hashes.putIfAbsent(name.rendition() + "/" + name.file(), hash);
    if (before != null && !before.equals(hash)) {
      report.add("H9", name.file() + " changed from " + before + " to " + hash);
    }
  }

  private void checkMissing(ResourceName name, ObservedResponse response, Report report) {
    RenditionHistory history = linter.rendition(name.rendition());
    Long msn = history.msnOf(name.file());
    Segment segment = msn == null ? null : history.segment(msn);
    if (segment == null || segment.gap()) {
      if (segment == null && isMapInForce(history, name)) {
        report.add("H16", "init segment " + name.file() + " answers " + response.status());
      }
      return;
    }
    String what = name.file() + " answers " + response.status();
    Optional<Instant> until = history.fetchableUntil(msn);
    if (goneAt != null) {
      checkAfterRemovalOfAll(history, what, response.at(), report);
    } else if (until.isEmpty()) {
      report.add("H16", "listed " + what);
    } else if (response.at().isBefore(until.get())) {
      report.add("H8", "removed " + what + " before " + until.get());
    }
  }

  private void checkAfterRemovalOfAll(
      RenditionHistory history, String what, Instant at, Report report) {
    if (at.isBefore(goneAt.plus(history.lastPlaylistDuration()))) {
      report.add("H18", what + " within one playlist duration of the removal of the stream");
    }
  }

  private static boolean isMapInForce(RenditionHistory history, ResourceName name) {
    MediaPlaylist last = history.node(name.node()).last();
    return last != null && last.segments().stream().anyMatch(s -> s.mapUri().equals(name.file()));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
