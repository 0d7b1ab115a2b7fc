package io.millrace.node.stream;

import io.millrace.media.store.SegmentStore;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A store of segments whose writes wait for what a test gives, or fail with it.
 *
 * @param mayWrite asked before each write
 */
record GuardedSegments(SegmentStore store, Supplier<CompletionStage<Void>> mayWrite)
    implements SegmentStore {

  @Override
  public CompletionStage<Void> put(
      String streamId, long epoch, String rendition, String name, byte[] bytes) {
    return mayWrite.get().thenCompose(go -> store.put(streamId, epoch, rendition, name, bytes));
  }

  @Override
  public CompletionStage<byte[]> get(String streamId, String rendition, String name) {
    return store.get(streamId, rendition, name);
  }

  @Override
  public CompletionStage<Void> delete(
      String streamId, long epoch, String rendition, List<String> names) {
    return store.delete(streamId, epoch, rendition, names);
  }

  @Override
  public CompletionStage<Void> deleteStream(String streamId, long epoch) {
    return store.deleteStream(streamId, epoch);
  }
}
