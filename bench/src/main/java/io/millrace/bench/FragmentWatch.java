package io.millrace.bench;

import io.millrace.media.worker.BundledFfmpeg;
import io.millrace.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps every MPEG-TS fragment that a playlist file lists, and when it was first listed. A name
 * that is used again after a restart counts as a new fragment. Thread-safe.
 */
final class FragmentWatch implements AutoCloseable {
  private static final long INTERVAL_MS = 50;

  private record Fragment(Path file, Instant listedAt) {}

  private final Path directory;
  private final Path playlist;
  private final Path archive;
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final List<Fragment> fragments = new ArrayList<>();
  private final Set<String> known = new HashSet<>();

  private FragmentWatch(Path directory, String stream, Path archive) {
    this.directory = directory;
    this.playlist = directory.resolve(stream + ".m3u8");
    this.archive = archive;
  }

  static FragmentWatch start(Path directory, String stream) throws IOException {
    FragmentWatch watch = new FragmentWatch(directory, stream, Scratch.create("fragments"));
    var unused =
        watch.executor.scheduleWithFixedDelay(watch::look, 0, INTERVAL_MS, TimeUnit.MILLISECONDS);
    return watch;
  }

  synchronized int count() {
    return fragments.size();
  }

  synchronized Instant at(int index) {
    return fragments.get(index).listedAt();
  }

  synchronized Instant lastAt() {
    return fragments.get(fragments.size() - 1).listedAt();
  }

  void awaitCount(int count, Duration deadline) {
    Await.until(count + " fragments", deadline, () -> count() >= count);
  }

  /** Waits until nothing new was listed for so long. */
  void awaitQuiet(Duration quiet, Duration deadline) {
    Await.until(
        "no new fragment for " + quiet,
        deadline,
        () -> lastAt().plus(quiet).isBefore(Instant.now()));
  }

  /** Video frames in all fragments together. */
  long videoFrames() throws IOException, InterruptedException {
    long frames = 0;
    for (Fragment fragment : List.copyOf(fragments)) {
      frames += videoFrames(fragment.file());
    }
    return frames;
  }

  private static long videoFrames(Path file) throws IOException, InterruptedException {
    Process probe =
        new ProcessBuilder(
                BundledFfmpeg.ffprobe().toString(),
                "-v",
                "quiet",
                "-select_streams",
                "v",
                "-count_packets",
                "-show_entries",
                "stream=nb_read_packets",
                "-of",
                "default=nokey=1:noprint_wrappers=1",
                file.toString())
            .start();
    String count = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    probe.waitFor();
    return count.isBlank() ? 0 : Long.parseLong(count.lines().findFirst().orElseThrow().strip());
  }

  private synchronized void look() {
    try {
      if (!Files.exists(playlist)) {
        return;
      }
      for (String line : Files.readAllLines(playlist)) {
        if (!line.startsWith("#") && !line.isBlank()) {
          keep(directory.resolve(line));
        }
      }
    } catch (FileSystemException e) {
      // Replaced or deleted between two calls; the next look sees the new one.
      return;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void keep(Path fragment) throws IOException {
    String key = fragment.getFileName() + " " + Files.getLastModifiedTime(fragment).toMillis();
    if (known.add(key)) {
      Path copy = archive.resolve(fragments.size() + ".ts");
      Files.copy(fragment, copy);
      fragments.add(new Fragment(copy, Instant.now()));
    }
  }

  @Override
  public void close() throws IOException {
    executor.shutdownNow();
    Scratch.delete(archive);
  }
}
