package io.millrace.media.segment;

import io.millrace.media.MediaUnit;
import io.millrace.media.worker.EncodedPacket;
import io.millrace.media.worker.WorkerPort;
import io.millrace.media.worker.WorkerStats;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * One live stream on its owner: units and worker packets in, segments out. Confined to one thread;
 * no clock and no I/O, {@code nowNanos} is a monotonic time that the caller reads.
 *
 * <p>Order per segment: {@link PipelineOutput#segment} → the caller stores it → {@link #stored} →
 * {@link #state()} is persisted → the segment is listed → {@link #durable} → {@link
 * PipelineOutput#acknowledged}.
 */
@SuppressWarnings("DoNotCallSuggester") // the shape alone
public final class StreamPipeline {

  private StreamPipeline() {}

  /**
   * @param epoch incarnation of the owner, first part of object names
   * @param recovered what the predecessor persisted; empty for a new stream
   * @param freeCores transcode cores that a new stream may use; asked once, when the rendition set
   *     is planned
   */
  public static StreamPipeline create(
      PipelineSettings settings,
      long epoch,
      Optional<PipelineState> recovered,
      PipelineOutput output,
      DoubleSupplier freeCores) {
    throw new UnsupportedOperationException();
  }

  /**
   * A publisher's lease begins.
   *
   * @param wallClockMs Unix time of {@code nowNanos}
   * @param resumedSameSession the units that follow are a replay of the recovered session from
   *     {@link #firstNeededSeq()} on; no discontinuity
   */
  public void sessionStarted(
      long session, long wallClockMs, long nowNanos, boolean resumedSameSession) {
    throw new UnsupportedOperationException();
  }

  /** First sequence number that is needed of the current or recovered session; 0 for a new one. */
  public long firstNeededSeq() {
    throw new UnsupportedOperationException();
  }

  /** Bit rate that the publisher declared (onMetaData), bit/s; may come any time, 0 is ignored. */
  public void declaredBitrate(long bitsPerSecond) {
    throw new UnsupportedOperationException();
  }

  public void unit(MediaUnit unit, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /** The publisher is gone: the last segment is closed short in all renditions. */
  public void sessionEnded(long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /** A worker is there; it is configured and fed from the oldest unfinished segment on. */
  public void workerReady(WorkerPort worker, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  public void workerInit(String rung, int generation, byte[] extradata, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  public void workerPacket(EncodedPacket packet, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  public void workerFlushed(int flushId, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  public void workerDropped(String rung, long sourceSeq, int count) {
    throw new UnsupportedOperationException();
  }

  public void workerStats(WorkerStats stats) {
    throw new UnsupportedOperationException();
  }

  /** The worker process is gone; events of it must not come any more. */
  public void workerGone() {
    throw new UnsupportedOperationException();
  }

  /** Every 250 ms. */
  public void tick(long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /** The object of this segment is in the store (for a gap: nothing to store, call at once). */
  public void stored(String rendition, long msn) {
    throw new UnsupportedOperationException();
  }

  /** A state that contains this segment is durable. */
  public void durable(String rendition, long msn) {
    throw new UnsupportedOperationException();
  }

  /** What to persist together with the segments stored so far; empty before the first segment. */
  public Optional<PipelineState> state() {
    throw new UnsupportedOperationException();
  }

  public PipelineStatus status() {
    throw new UnsupportedOperationException();
  }
}
