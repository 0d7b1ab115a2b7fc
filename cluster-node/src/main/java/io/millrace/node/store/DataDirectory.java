package io.millrace.node.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The directory that one single-mode node owns while it runs. The lock is the operating system's:
 * it goes away with the process, however that dies.
 */
public final class DataDirectory implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;

  private DataDirectory(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Creates the directory if needed and takes its lock.
   *
   * @throws IOException if it cannot be written, or another process holds it
   */
  public static DataDirectory open(Path root) throws IOException {
    Files.createDirectories(root);
    FileChannel channel =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DataDirectory(channel, lock);
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse(root);
    }
    channel.close();
    throw inUse(root);
  }

  private static IOException inUse(Path root) {
    return new IOException(
        "data directory: " + root + " is in use (expected: one node per data directory)");
  }

  static Path state(Path root) {
    return root.resolve("state");
  }

  static Path streams(Path root) {
    return root.resolve("streams");
  }

  static Path directory(Path root) {
    return root.resolve("directory");
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
