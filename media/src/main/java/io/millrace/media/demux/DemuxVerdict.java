package io.millrace.media.demux;

/**
 * What a connection does after a tag.
 *
 * @param close the connection is to be closed
 * @param reason for the broadcaster and the log, {@code field: actual (expected: rule)}; empty to
 *     go on
 */
public record DemuxVerdict(boolean close, String reason) {
  static final DemuxVerdict CONTINUE = new DemuxVerdict(false, "");

  static DemuxVerdict close(String reason) {
    return new DemuxVerdict(true, reason);
  }
}
