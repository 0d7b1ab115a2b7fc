package io.millrace.node.stream;

import io.millrace.media.Presentation;
import io.millrace.media.hls.WindowState;
import io.millrace.media.segment.PipelineState;
import io.millrace.node.CborSerializable;
import java.util.Map;

/**
 * The durable state of a stream; written once per segment index.
 *
 * @param schema version of this layout, {@value #SCHEMA}
 * @param epoch incarnation of the owner that wrote it; without an owner there is no state
 * @param session newest publisher lease
 * @param startedAtMs Unix ms of the first accepted publish
 * @param deadlineMs Unix ms: end of the grace (RECONNECTING), end of retention (ENDED), else 0
 * @param pipeline null before the first segment
 * @param windows playlists by rendition
 */
public record StreamState(
    int schema,
    String streamId,
    long epoch,
    long session,
    Status status,
    long startedAtMs,
    long deadlineMs,
    String owner,
    PipelineState pipeline,
    Map<String, WindowState> windows)
    implements CborSerializable {

  public static final int SCHEMA = 1;

  /** Where a stream is in its life. */
  public enum Status {
    LIVE,
    RECONNECTING,
    ENDED
  }

  public StreamState {
    windows = windows == null ? Map.of() : Map.copyOf(windows);
  }

  static StreamState none(String streamId) {
    return new StreamState(SCHEMA, streamId, 0, 0, Status.ENDED, 0, 0, "", null, Map.of());
  }

  /**
   * What is known of a stream whose state was deleted: no epoch up to its last revision is used
   * again, since objects are named by it and their names never change content.
   */
  StreamState after(long revision) {
    return exists()
        ? this
        : new StreamState(schema, streamId, revision, 0, Status.ENDED, 0, 0, "", null, Map.of());
  }

  boolean exists() {
    return epoch > 0 && !owner.isEmpty();
  }

  StreamState claimed(String newOwner) {
    return new StreamState(
        schema,
        streamId,
        epoch + 1,
        session,
        status,
        startedAtMs,
        deadlineMs,
        newOwner,
        pipeline,
        windows);
  }

  /** A new stream under the same name: nothing of the old one is shown any more. */
  StreamState fresh(long untilMs) {
    return new StreamState(
        schema, streamId, epoch, session, Status.RECONNECTING, 0, untilMs, owner, null, Map.of());
  }

  boolean hasStarted() {
    return startedAtMs > 0;
  }

  StreamState live(long newSession, long nowMs) {
    return with(newSession, Status.LIVE, startedAtMs == 0 ? nowMs : startedAtMs, 0);
  }

  StreamState reconnecting(long untilMs) {
    return with(session, Status.RECONNECTING, startedAtMs, untilMs);
  }

  StreamState ended(long untilMs) {
    return with(session, Status.ENDED, startedAtMs, untilMs);
  }

  private StreamState with(long newSession, Status newStatus, long newStartedAtMs, long untilMs) {
    return new StreamState(
        schema,
        streamId,
        epoch,
        newSession,
        newStatus,
        newStartedAtMs,
        untilMs,
        owner,
        pipeline,
        windows);
  }

  StreamState with(PipelineState newPipeline, Map<String, WindowState> newWindows) {
    return new StreamState(
        schema,
        streamId,
        epoch,
        session,
        status,
        startedAtMs,
        deadlineMs,
        owner,
        newPipeline,
        newWindows);
  }

  Presentation presentation() {
    return pipeline == null ? null : pipeline.presentation();
  }
}
