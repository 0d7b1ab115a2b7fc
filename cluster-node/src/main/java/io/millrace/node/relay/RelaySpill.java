package io.millrace.node.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the relays of a node share: how much memory they may take together, and the disk for the
 * rest. A block is a file of its own, written once, read at a replay, deleted when its units are
 * acknowledged or given up, so that the blocks of a relay form a ring without any bookkeeping in a
 * file. One thread does all file work; its queue is bounded by the number of blocks. Blocks of a
 * process that died are deleted at the next start. Thread-safe.
 */
final class RelaySpill implements AutoCloseable {

  /** One file of payloads. */
  record Block(Path file, int bytes) {}

  private static final Logger LOG = LoggerFactory.getLogger(RelaySpill.class);
  private static final String SUFFIX = ".relay";
  private static final long LOG_INTERVAL_NANOS = Duration.ofSeconds(30).toNanos();

  private final Optional<Path> directory;
  private final long maxDiskBytes;
  private final long maxMemoryBytes;
  private final ExecutorService disk;
  private final AtomicLong diskBytes = new AtomicLong();
  private final AtomicLong memoryBytes = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private final AtomicLong names = new AtomicLong();
  private final AtomicLong loggedNanos = new AtomicLong(System.nanoTime() - LOG_INTERVAL_NANOS);

  /**
   * @param directory for the blocks, made when missing; empty: nothing goes to disk
   * @param maxDiskBytes of all blocks together
   * @param maxMemoryBytes of all relays together; above it they keep little in memory
   */
  RelaySpill(Optional<Path> directory, long maxDiskBytes, long maxMemoryBytes) {
    this.directory = directory;
    this.maxDiskBytes = maxDiskBytes;
    this.maxMemoryBytes = maxMemoryBytes;
    this.disk =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "millrace-relay-disk");
              thread.setDaemon(true);
              return thread;
            });
    directory.ifPresent(path -> disk.execute(() -> prepare(path)));
  }

  private static void prepare(Path path) {
    try {
      Files.createDirectories(path);
      try (DirectoryStream<Path> left = Files.newDirectoryStream(path, "*" + SUFFIX)) {
        for (Path file : left) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      LOG.warn("relay blocks of the last run stay in {}: {}", path, e.toString());
    }
  }

  /** Room for a block; empty when there is no disk or its cap is reached. */
  Optional<Block> reserve(int bytes) {
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    if (diskBytes.addAndGet(bytes) > maxDiskBytes) {
      diskBytes.addAndGet(-bytes);
      onFull();
      return Optional.empty();
    }
    return Optional.of(new Block(directory.get().resolve(names.incrementAndGet() + SUFFIX), bytes));
  }

  private void onFull() {
    refusals.incrementAndGet();
    long now = System.nanoTime();
    long last = loggedNanos.get();
    if (now - last >= LOG_INTERVAL_NANOS && loggedNanos.compareAndSet(last, now)) {
      LOG.warn(
          "relay.disk-bytes is reached: {} bytes of media wait on disk for owners or the store;"
              + " the oldest of full relays is given up",
          diskBytes.get());
    }
  }

  /**
   * @param payloads together as long as the block
   * @param done called on the disk's thread with whether they are on disk
   */
  void write(Block block, List<byte[]> payloads, Consumer<Boolean> done) {
    disk.execute(() -> done.accept(written(block, payloads)));
  }

  private static boolean written(Block block, List<byte[]> payloads) {
    ByteBuffer[] buffers = payloads.stream().map(ByteBuffer::wrap).toArray(ByteBuffer[]::new);
    try (FileChannel channel =
        FileChannel.open(block.file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long left = block.bytes();
      while (left > 0) {
        left -= channel.write(buffers);
      }
      return true;
    } catch (IOException e) {
      LOG.warn("media cannot be kept on disk: {}", e.toString());
      return false;
    }
  }

  /**
   * @param done called on the disk's thread with the content, empty if it cannot be read
   */
  void read(Block block, Consumer<Optional<byte[]>> done) {
    disk.execute(() -> done.accept(content(block)));
  }

  private static Optional<byte[]> content(Block block) {
    try {
      byte[] content = Files.readAllBytes(block.file());
      return content.length == block.bytes() ? Optional.of(content) : Optional.empty();
    } catch (IOException e) {
      LOG.warn("media kept on disk cannot be read: {}", e.toString());
      return Optional.empty();
    }
  }

  /** The block is not needed (any more). */
  void delete(Block block) {
    diskBytes.addAndGet(-block.bytes());
    disk.execute(
        () -> {
          try {
            Files.deleteIfExists(block.file());
          } catch (IOException e) {
            LOG.warn("relay block stays: {}", e.toString());
          }
        });
  }

  /** A relay holds so many bytes more in memory. */
  void memory(long change) {
    memoryBytes.addAndGet(change);
  }

  boolean memoryIsShort() {
    return memoryBytes.get() > maxMemoryBytes;
  }

  /** Bytes reserved on disk. */
  double diskBytes() {
    return diskBytes.get();
  }

  /** How often a block found no room. */
  double refusals() {
    return refusals.get();
  }

  @Override
  public void close() {
    disk.shutdown();
  }
}
