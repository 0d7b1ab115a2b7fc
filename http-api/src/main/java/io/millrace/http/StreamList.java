package io.millrace.http;

import java.util.List;

/**
 * Streams of all nodes.
 *
 * @param streams by id
 * @param missingNodes nodes that did not answer in time, so that their streams are left out; null
 *     when there are none
 */
public record StreamList(List<StreamInfo> streams, List<String> missingNodes) {

  /** Complete. */
  public static StreamList of(List<StreamInfo> streams) {
    return new StreamList(streams, null);
  }
}
