package io.millrace.node.store;

import static io.millrace.node.store.ObjectNames.isSafe;
import static io.millrace.node.store.ObjectNames.safe;

import io.millrace.media.store.SegmentStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Objects as files {@code streams/STREAM/RENDITION/NAME} below the data directory. Names are
 * checked; nothing that a client sends becomes a path unchecked. The locked data directory has one
 * writer, so epochs need no check here.
 */
public final class FileSegmentStore implements SegmentStore {
  private final Path root;
  private final DurableFiles files;
  private final StripedSerial serial;

  /**
   * @param executor for blocking file access
   */
  public FileSegmentStore(StoreSettings settings, Executor executor) {
    this.root = DataDirectory.streams(settings.dataDirectory());
    this.files = new DurableFiles(settings.fsync());
    this.serial = new StripedSerial(executor);
  }

  @Override
  public CompletionStage<Void> put(
      String streamId, long epoch, String rendition, String name, byte[] bytes) {
    return serial.submit(
        streamId + "/" + rendition,
        () -> {
          files.writeObject(object(streamId, rendition, name), bytes);
          return null;
        });
  }

  @Override
  public CompletionStage<byte[]> get(String streamId, String rendition, String name) {
    return serial.submit(
        streamId + "/" + rendition,
        () -> {
          if (!isSafe(streamId) || !isSafe(rendition) || !isSafe(name)) {
            return null;
          }
          return files.read(object(streamId, rendition, name)).orElse(null);
        });
  }

  @Override
  public CompletionStage<Void> delete(
      String streamId, long epoch, String rendition, List<String> names) {
    List<String> copy = List.copyOf(names);
    return serial.submit(
        streamId + "/" + rendition,
        () -> {
          for (String name : copy) {
            Files.deleteIfExists(object(streamId, rendition, name));
          }
          return null;
        });
  }

  @Override
  public CompletionStage<Void> deleteStream(String streamId, long epoch) {
    return serial.submit(
        streamId,
        () -> {
          files.deleteTree(root.resolve(safe(streamId)));
          return null;
        });
  }

  private Path object(String streamId, String rendition, String name) {
    return root.resolve(safe(streamId)).resolve(safe(rendition)).resolve(safe(name));
  }
}
