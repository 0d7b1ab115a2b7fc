package io.millrace.node.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.placement.StreamDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of a single node: one JSON file per stream, all held in memory, since the locked
 * data directory has no other writer. Reads never touch the disk.
 */
public final class FileStreamDirectory implements StreamDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(FileStreamDirectory.class);
  private static final String SUFFIX = ".json";
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final Path root;
  private final DurableFiles files;
  private final StripedSerial serial;
  private final ConcurrentMap<String, DirectoryEntry> entries = new ConcurrentHashMap<>();

  private FileStreamDirectory(StoreSettings settings, Executor executor) {
    this.root = DataDirectory.directory(settings.dataDirectory());
    this.files = new DurableFiles(settings.fsync());
    this.serial = new StripedSerial(executor);
  }

  /**
   * Loads all entries; blocking, called at start. A damaged entry is left out with a warning: its
   * stream's state survives and is found again by the next publish.
   *
   * @throws IOException if the directory cannot be listed
   */
  public static FileStreamDirectory open(StoreSettings settings, Executor executor)
      throws IOException {
    FileStreamDirectory directory = new FileStreamDirectory(settings, executor);
    directory.loadAll();
    return directory;
  }

  private void loadAll() throws IOException {
    Files.createDirectories(root);
    try (Stream<Path> list = Files.list(root)) {
      for (Path file : list.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
        load(file);
      }
    }
  }

  private void load(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      DirectoryEntry entry = JSON.readValue(bytes, DirectoryEntry.class);
      entries.put(entry.streamId(), entry);
    } catch (IOException e) {
      LOG.warn("directory entry {} is damaged and left out: {}", file.getFileName(), e.toString());
    }
  }

  @Override
  public CompletionStage<DirectoryEntry> putIfAbsent(DirectoryEntry entry) {
    return serial.submit(
        entry.streamId(),
        () -> {
          DirectoryEntry present = entries.get(entry.streamId());
          if (present != null) {
            return present;
          }
          write(entry);
          return entry;
        });
  }

  @Override
  public CompletionStage<Void> update(DirectoryEntry entry) {
    return serial.submit(
        entry.streamId(),
        () -> {
          DirectoryEntry present = entries.get(entry.streamId());
          if (present == null || present.epoch() <= entry.epoch()) {
            write(entry);
          }
          return null;
        });
  }

  private void write(DirectoryEntry entry) throws IOException {
    files.write(root.resolve(entry.streamId() + SUFFIX), JSON.writeValueAsBytes(entry));
    entries.put(entry.streamId(), entry);
  }

  @Override
  public CompletionStage<Void> remove(String streamId, long epoch) {
    return serial.submit(
        streamId,
        () -> {
          DirectoryEntry present = entries.get(streamId);
          if (present != null && present.epoch() <= epoch) {
            Files.deleteIfExists(root.resolve(streamId + SUFFIX));
            entries.remove(streamId);
          }
          return null;
        });
  }

  @Override
  public CompletionStage<Optional<DirectoryEntry>> get(String streamId) {
    return CompletableFuture.completedFuture(Optional.ofNullable(entries.get(streamId)));
  }

  @Override
  public CompletionStage<List<DirectoryEntry>> all() {
    return CompletableFuture.completedFuture(new ArrayList<>(entries.values()));
  }
}
