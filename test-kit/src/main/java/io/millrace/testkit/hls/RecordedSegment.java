package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * One segment as it was listed and downloaded.
 *
 * @param listed its lines in the playlist
 * @param firstSeen when a playlist first listed it to the recorder
 * @param file empty for a gap and where the download failed
 * @param init the EXT-X-MAP in force, empty where the download failed
 */
public record RecordedSegment(
    Segment listed, Instant firstSeen, Optional<Path> file, Optional<Path> init) {

  public long msn() {
    return listed.msn();
  }

  /** The media segment's bytes; empty for a gap. */
  public byte[] bytes() {
    return file.map(RecordedSegment::read).orElse(new byte[0]);
  }

  /** The bytes of the init segment in force. */
  public byte[] initBytes() {
    return init.map(RecordedSegment::read).orElse(new byte[0]);
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
