package io.millrace.protocol.rtmp;

import java.util.List;
import java.util.Map;

/**
 * Where a client wants to publish, taken apart and checked: every part of the path keeps the
 * allow-list {@code [A-Za-z0-9_-]{1,64}} after one percent-decoding. All of it may be secret:
 * {@link #toString()} tells nothing.
 *
 * @param host of tcUrl, lower case, without port; empty when unknown
 * @param app first part of the application's path; may be empty
 * @param path further parts between the application and the name (an instance); usually empty
 * @param name the last part: key or stream name
 * @param params query of tcUrl, application and name, later ones win; percent-decoded, raw text
 */
public record PublishTarget(
    String host, String app, List<String> path, String name, Map<String, String> params) {

  @Override
  public String toString() {
    return "PublishTarget[***]";
  }
}
