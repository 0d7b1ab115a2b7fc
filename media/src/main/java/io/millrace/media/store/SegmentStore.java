package io.millrace.media.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Durable home of the segments and init segments of the window. Keys are stream, rendition and
 * object name. Implementations never block the caller. A failed stage means "not durable": the
 * caller keeps the bytes and tries again.
 */
public interface SegmentStore {

  /**
   * Completes when the object is durable. Writing the same name again with the same bytes is fine.
   */
  CompletionStage<Void> put(String streamId, String rendition, String name, byte[] bytes);

  /** The bytes, or null when there is no such object. */
  CompletionStage<byte[]> get(String streamId, String rendition, String name);

  CompletionStage<Void> delete(String streamId, String rendition, List<String> names);

  /** Everything of a stream. */
  CompletionStage<Void> deleteStream(String streamId);
}
