package io.millrace.node.store;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.placement.StreamDirectory;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where a node keeps what must outlive it.
 *
 * @param statePluginId Pekko's id of the durable-state store
 * @param losses takes a listener that is told each stream whose state the store had lost or had an
 *     older one of; its segments may be lost too. A store that cannot lose anything never tells.
 * @param meters of the way to a shared store; of files there are none
 * @param closing frees connections; called once, after the last stream has stopped
 */
public record NodeStores(
    StreamDirectory directory,
    SegmentStore segments,
    String statePluginId,
    Consumer<Consumer<String>> losses,
    MeterBinder meters,
    Supplier<CompletionStage<Void>> closing) {

  private static final String FILE_PLUGIN = "millrace-runtime.file-state-store";

  /**
   * Files of one node; blocks while the stream directory is read.
   *
   * @throws IOException if the stream directory cannot be read
   */
  public static NodeStores files(StoreSettings settings, Executor executor) throws IOException {
    return new NodeStores(
        FileStreamDirectory.open(settings, executor),
        new FileSegmentStore(settings, executor),
        FILE_PLUGIN,
        listener -> {},
        registry -> {},
        () -> CompletableFuture.completedFuture(null));
  }
}
