package io.millrace.node.stream;

import io.millrace.media.hls.ExpiredObjects;
import java.util.List;

/**
 * What need not be fetchable any more of one rendition.
 *
 * @param stored in the segment store too
 * @param parts names; in memory only
 */
record Expired(ExpiredObjects stored, List<String> parts) {
  boolean isEmpty() {
    return stored.isEmpty() && parts.isEmpty();
  }
}
