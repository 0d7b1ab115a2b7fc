package io.millrace.node.relay;

import io.millrace.media.MediaUnit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Test aid: what the node's relays took from publishers, so that a test can tell what must come out
 * again. One line a unit, written at once and on the caller's thread, so that a killed process has
 * lost none:
 *
 * <pre>
 * accepted STREAM SESSION SEQ video|audio config|idr|frame DTS_MS
 * acknowledged STREAM SESSION SEQ
 * </pre>
 *
 * Thread-safe.
 */
final class AcceptLog {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptLog.class);

  static final AcceptLog NONE = new AcceptLog(null);

  private final FileChannel file;

  private AcceptLog(FileChannel file) {
    this.file = file;
  }

  /** Appends to the file. */
  static AcceptLog open(Optional<Path> path) {
    if (path.isEmpty()) {
      return NONE;
    }
    try {
      return new AcceptLog(
          FileChannel.open(path.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw new UncheckedIOException("relay.test-accept-log", e);
    }
  }

  OfStream of(String streamId) {
    return new OfStream(this, streamId);
  }

  /** The lines of one stream. */
  record OfStream(AcceptLog log, String streamId) {

    void accepted(long session, MediaUnit unit) {
      if (log.file != null) {
        String kind = unit.isConfig() ? "config" : unit.isVideo() && unit.idr() ? "idr" : "frame";
        log.write(
            String.format(
                Locale.ROOT,
                "accepted %s %d %d %s %s %d%n",
                streamId,
                session,
                unit.seq(),
                unit.track().name().toLowerCase(Locale.ROOT),
                kind,
                unit.dtsMs()));
      }
    }

    void acknowledged(long session, long seq) {
      if (log.file != null) {
        log.write(String.format(Locale.ROOT, "acknowledged %s %d %d%n", streamId, session, seq));
      }
    }
  }

  private void write(String line) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      LOG.warn("accept log lacks a line: {}", e.toString());
    }
  }
}
