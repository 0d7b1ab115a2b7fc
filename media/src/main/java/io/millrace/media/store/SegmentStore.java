package io.millrace.media.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Durable home of the segments and init segments of the window. Keys are stream, rendition and
 * object name. Every change names the epoch of the owner that makes it; a store that several nodes
 * share refuses one that is lower than it has seen of the stream. Implementations never block the
 * caller. A failed stage means "not durable": the caller keeps the bytes and tries again.
 */
public interface SegmentStore {

  /**
   * Completes when the object is durable. Writing the same name again with the same bytes is fine.
   */
  CompletionStage<Void> put(
      String streamId, long epoch, String rendition, String name, byte[] bytes);

  /**
   * How often an object that is needed for longer than a segment must be put again, because objects
   * do not stay for ever; empty: they do.
   */
  default Optional<Duration> renewal() {
    return Optional.empty();
  }

  /** The bytes, or null when there is no such object. */
  CompletionStage<byte[]> get(String streamId, String rendition, String name);

  CompletionStage<Void> delete(String streamId, long epoch, String rendition, List<String> names);

  /** Everything of a stream. */
  CompletionStage<Void> deleteStream(String streamId, long epoch);
}
