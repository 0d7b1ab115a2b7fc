package io.millrace.node.placement;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The directory of streams: which slot a stream is in, by set-if-absent, and its status. Calls
 * never block; a failed stage means the store did not answer.
 */
public interface StreamDirectory {

  /** The entry that holds afterwards: an existing one wins. */
  CompletionStage<DirectoryEntry> putIfAbsent(DirectoryEntry entry);

  /** Replaces the entry unless the stored one has a higher epoch. */
  CompletionStage<Void> update(DirectoryEntry entry);

  /** Forgets the stream unless the stored entry has a higher epoch. */
  CompletionStage<Void> remove(String streamId, long epoch);

  /**
   * Notes what people want to read of a stream that this node owns. A shared directory writes the
   * entry again with it, so that one that was lost comes back.
   */
  default CompletionStage<Void> describe(StreamDescription description) {
    return CompletableFuture.completedStage(null);
  }

  CompletionStage<Optional<DirectoryEntry>> get(String streamId);

  CompletionStage<List<DirectoryEntry>> all();
}
