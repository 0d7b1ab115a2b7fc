package io.millrace.node.stream;

import io.millrace.media.MediaUnit;
import io.millrace.media.worker.KeyPictures;
import io.millrace.node.edge.StreamStatuses;
import java.time.Duration;

/**
 * Thumbnails of one stream. Its own worker makes them where it has one; else the node's worker for
 * single pictures does, and only while somebody looks, because decoding is what a stream without
 * rungs saves. Confined to the stream's executor; {@link #made} is safe from any thread.
 */
final class PictureTaker {

  /** What the streams of a node share. */
  record Shared(Duration interval, KeyPictures pictures, StreamStatuses statuses) {}

  private final Shared shared;
  private final String streamId;
  private MediaUnit config;
  private boolean wanted;
  private long lastNanos;

  PictureTaker(Shared shared, String streamId) {
    this.shared = shared;
    this.streamId = streamId;
    this.lastNanos = System.nanoTime() - shared.interval().toNanos();
  }

  /** Whether the stream's own worker is to make one now. */
  boolean isDue(long nowNanos, boolean ownWorker) {
    boolean due = nowNanos - lastNanos >= shared.interval().toNanos();
    wanted = due && !ownWorker && shared.statuses().isPictureWanted(streamId);
    if (due && ownWorker) {
      lastNanos = nowNanos;
    }
    return due && ownWorker;
  }

  void unit(MediaUnit unit, long nowNanos) {
    if (!unit.isVideo()) {
      return;
    }
    if (unit.isConfig()) {
      config = unit;
    } else if (wanted && unit.idr() && isConfigured(unit)) {
      wanted = false;
      lastNanos = nowNanos;
      shared.pictures().offer(unit.codec(), config.payload(), unit.payload(), this::made);
    }
  }

  private boolean isConfigured(MediaUnit unit) {
    return config != null && config.generation() == unit.generation();
  }

  void made(byte[] jpeg) {
    shared.statuses().publishThumbnail(streamId, jpeg);
  }
}
