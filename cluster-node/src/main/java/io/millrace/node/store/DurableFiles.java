package io.millrace.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whole-file writes that are there completely or not at all: temporary file, fsync, rename, fsync
 * of the directory. Objects, whose names never change content and which nobody asks for before they
 * are known to be written, do without the temporary file. Blocking.
 */
final class DurableFiles {
  private static final String TEMPORARY_SUFFIX = ".tmp";

  /**
   * The JDK copies what a call writes to a buffer outside the heap, which the thread then keeps.
   */
  private static final int WRITE_BYTES = 256 << 10;

  private static final AtomicLong COUNTER = new AtomicLong();

  private final boolean fsync;

  DurableFiles(boolean fsync) {
    this.fsync = fsync;
  }

  void write(Path file, byte[] bytes) throws IOException {
    Path directory = directoryOf(file);
    Path temporary =
        directory.resolve(
            "." + file.getFileName() + "." + COUNTER.incrementAndGet() + TEMPORARY_SUFFIX);
    try {
      writeNew(temporary, bytes);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    forceDirectory(directory);
  }

  /**
   * Writes a file under its own name: one commit of the file system's journal instead of two. What
   * a crash leaves of it is known to nobody. A file that is there already is replaced as a whole.
   */
  void writeObject(Path file, byte[] bytes) throws IOException {
    Path directory = directoryOf(file);
    try {
      writeNew(file, bytes);
    } catch (FileAlreadyExistsException e) {
      write(file, bytes);
      return;
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    forceDirectory(directory);
  }

  private Path directoryOf(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      forceDirectory(directory.getParent());
    }
    return directory;
  }

  private void writeNew(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int at = 0; at < bytes.length; at += WRITE_BYTES) {
        ByteBuffer part = ByteBuffer.wrap(bytes, at, Math.min(WRITE_BYTES, bytes.length - at));
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
      if (fsync) {
        channel.force(true);
      }
    }
  }

  private void forceDirectory(Path directory) throws IOException {
    if (!fsync || directory == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  Optional<byte[]> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException error)
              throws IOException {
            if (error != null) {
              throw error;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
