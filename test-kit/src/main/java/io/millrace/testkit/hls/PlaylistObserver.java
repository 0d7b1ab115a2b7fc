package io.millrace.testkit.hls;

import java.time.Instant;

/** Is shown every answer that carried a playlist, also those equal to the one before. */
@FunctionalInterface
public interface PlaylistObserver {

  /**
   * @param url as asked for
   * @param text after content decoding
   */
  void version(String url, Instant at, String text);
}
