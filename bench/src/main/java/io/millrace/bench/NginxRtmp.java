package io.millrace.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * nginx with the RTMP module (Debian: nginx, libnginx-mod-rtmp), writing HLS to a fresh directory.
 */
final class NginxRtmp implements AutoCloseable {
  /** What Debian calls what this needs. */
  static final String PACKAGES = "nginx libnginx-mod-rtmp";

  private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_rtmp_module.so");
  private static final int STOP_SECONDS = 10;

  private final Process master;
  private final Path directory;
  private final int port;

  private NginxRtmp(Process master, Path directory, int port) {
    this.master = master;
    this.directory = directory;
    this.port = port;
  }

  static boolean isInstalled() {
    return Files.isReadable(MODULE);
  }

  static NginxRtmp start() throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    return start(Scratch.create("nginx"), port);
  }

  private static NginxRtmp start(Path dir, int port) throws IOException, InterruptedException {
    Path conf =
        Files.writeString(
            dir.resolve("nginx.conf"),
            """
            load_module %3$s;
            user root;
            daemon off;
            worker_processes 1;
            pid %1$s/nginx.pid;
            error_log %1$s/error.log;
            events { worker_connections 1024; }
            rtmp {
              server {
                listen 127.0.0.1:%2$d;
                chunk_size 4096;
                application live {
                  live on;
                  hls on;
                  hls_path %1$s/hls;
                  hls_fragment 4s;
                  hls_playlist_length 30s;
                  hls_continuous on;
                }
              }
            }
            """
                .formatted(dir, port, MODULE));
    Process master =
        new ProcessBuilder("nginx", "-c", conf.toString(), "-p", dir.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("out.log").toFile())
            .start();
    NginxRtmp nginx = new NginxRtmp(master, dir, port);
    if (master.waitFor(2, TimeUnit.SECONDS)) {
      throw new IOException("nginx did not start: " + Files.readString(dir.resolve("out.log")));
    }
    return nginx;
  }

  /** {@code kill -9} of master and workers. */
  void kill() throws InterruptedException {
    master.descendants().forEach(ProcessHandle::destroyForcibly);
    master.destroyForcibly().waitFor();
  }

  /** Another one on the same directory and port, as a supervisor would start it. */
  NginxRtmp startAgain() throws IOException, InterruptedException {
    return start(directory, port);
  }

  /** Where playlists and fragments are written. */
  Path hls() {
    return directory.resolve("hls");
  }

  String rtmpUrl(String key) {
    return "rtmp://127.0.0.1:" + port + "/live/" + key;
  }

  List<Long> processes() {
    List<Long> pids = new ArrayList<>(Proc.descendants(master.pid()));
    pids.add(master.pid());
    return pids;
  }

  @Override
  public void close() throws IOException {
    master.descendants().forEach(ProcessHandle::destroy);
    master.destroy();
    try {
      if (!master.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        master.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Scratch.delete(directory);
  }
}
