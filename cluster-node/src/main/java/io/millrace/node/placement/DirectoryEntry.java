package io.millrace.node.placement;

/**
 * What every node may know of a stream without waking it.
 *
 * @param slot shard of the stream, set once
 * @param status {@code LIVE}, {@code RECONNECTING}, {@code ENDED}; {@code STARTING} before the
 *     first publish was accepted
 * @param owner node that owns the stream, for people; empty when not known
 * @param epoch incarnation that wrote this; older ones are ignored
 * @param startedAtMs Unix ms, 0 when not started
 */
public record DirectoryEntry(
    String streamId, int slot, String status, String owner, long epoch, long startedAtMs) {

  public static final String STARTING = "STARTING";
  public static final String ENDED = "ENDED";

  /** A publish was accepted once: there is something to serve. */
  public boolean hasStarted() {
    return !STARTING.equals(status);
  }

  /** The stream is over; who owned it keeps it for its retention. */
  public boolean hasEnded() {
    return ENDED.equals(status);
  }
}
