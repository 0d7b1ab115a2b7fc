package io.millrace.media.demux;

import io.millrace.media.MediaUnit;

/** Where a {@link FlvDemuxer} puts what it finds; called on the connection's thread. */
@FunctionalInterface
public interface DemuxOutput {

  /** A configuration or frame; its {@code seq} is 0, the relay numbers units. */
  void unit(MediaUnit unit);

  /**
   * Something a person should see once, for example that the stream goes on without audio.
   *
   * @param code stable dotted code, {@code demux.no-audio}
   */
  default void notice(String code, String text) {}
}
