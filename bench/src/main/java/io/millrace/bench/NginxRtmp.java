package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * nginx with the RTMP module (Debian: nginx, libnginx-mod-rtmp), writing HLS to a fresh directory.
 */
final class NginxRtmp implements AutoCloseable {
  /** What Debian calls what this needs. */
  static final String PACKAGES = "nginx libnginx-mod-rtmp";

  private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_rtmp_module.so");

  private final Nginx nginx;
  private final Path directory;
  private final int port;

  private NginxRtmp(Nginx nginx, Path directory, int port) {
    this.nginx = nginx;
    this.directory = directory;
    this.port = port;
  }

  static boolean isInstalled() {
    return Files.isReadable(MODULE);
  }

  static NginxRtmp start() throws IOException, InterruptedException {
    return start(Scratch.create("nginx"), Nginx.freePort());
  }

  private static NginxRtmp start(Path dir, int port) throws IOException, InterruptedException {
    Nginx nginx =
        Nginx.start(
            dir,
            """
            load_module %3$s;
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
    return new NginxRtmp(nginx, dir, port);
  }

  /** {@code kill -9} of master and workers. */
  void kill() throws InterruptedException {
    nginx.kill();
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
    return nginx.processes();
  }

  @Override
  public void close() throws IOException {
    nginx.close();
    Scratch.delete(directory);
  }
}
