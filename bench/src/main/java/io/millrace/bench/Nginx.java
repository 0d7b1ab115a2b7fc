package io.millrace.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running nginx: its master, in the foreground, and the workers of that. */
final class Nginx implements AutoCloseable {
  private static final int START_SECONDS = 2;
  private static final int STOP_SECONDS = 10;

  private final Process master;

  private Nginx(Process master) {
    this.master = master;
  }

  /** A port that nobody listens on now. */
  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /**
   * @param directory where its configuration, log and pid are
   * @param configuration text of its file, without what says how it runs
   * @throws IOException with what nginx says, if it ends at once
   */
  static Nginx start(Path directory, String configuration)
      throws IOException, InterruptedException {
    Path file =
        Files.writeString(
            directory.resolve("nginx.conf"),
            configuration
                + """
                user root;
                daemon off;
                worker_processes 1;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                """
                    .formatted(directory));
    Path log = directory.resolve("out.log");
    Process master =
        new ProcessBuilder("nginx", "-c", file.toString(), "-p", directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (master.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("nginx did not start: " + Files.readString(log));
    }
    return new Nginx(master);
  }

  List<Long> processes() {
    List<Long> pids = new ArrayList<>(Proc.descendants(master.pid()));
    pids.add(master.pid());
    return pids;
  }

  /** {@code kill -9} of all; the master first, which would start other workers. */
  void kill() throws InterruptedException {
    List<ProcessHandle> workers = master.descendants().toList();
    master.destroyForcibly().waitFor();
    workers.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    master.destroy();
    try {
      if (!master.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
