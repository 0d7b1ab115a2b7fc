package io.millrace.node.ingest;

import io.millrace.media.MediaUnit;

/** Takes the units of one accepted publish, on the connection's thread. Never blocks. */
public interface UnitSink {

  /**
   * Hands over one unit; its {@code seq} is assigned here.
   *
   * @return false when the connection should stop reading its socket until {@link
   *     PublisherControl#resumeReading()}; the unit was taken all the same
   */
  boolean offer(MediaUnit unit);

  /** The total bit rate that the publisher declared (onMetaData), bit/s; may change. */
  void declaredBitrate(long bitsPerSecond);

  /**
   * The publish is over. The stream goes into its reconnect grace.
   *
   * @param clean FCUnpublish or deleteStream was seen
   */
  void close(boolean clean);
}
