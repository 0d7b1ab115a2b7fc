package io.millrace.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** nginx that serves files from a directory, with the header fields that players need. */
final class StaticNginx implements AutoCloseable {
  private static final int STOP_SECONDS = 10;

  private final Process master;
  private final int port;

  private StaticNginx(Process master, int port) {
    this.master = master;
    this.port = port;
  }

  /** Serves {@code files}; its own files go to {@code directory}. */
  static StaticNginx start(Path files, Path directory) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path conf =
        Files.writeString(
            directory.resolve("nginx.conf"),
            """
            user root;
            daemon off;
            worker_processes 1;
            pid %1$s/nginx.pid;
            error_log %1$s/error.log;
            events { worker_connections 4096; }
            http {
              access_log off;
              sendfile on;
              tcp_nopush on;
              keepalive_requests 1000000000;
              open_file_cache max=100;
              types { application/vnd.apple.mpegurl m3u8; video/mp4 m4s; }
              server {
                listen 127.0.0.1:%2$d;
                root %3$s;
                location / {
                  add_header Access-Control-Allow-Origin *;
                  add_header Access-Control-Expose-Headers "Age, Date, Content-Length, Content-Range, ETag";
                  add_header Cache-Control "max-age=3600, immutable";
                }
              }
            }
            """
                .formatted(directory, port, files));
    Process master =
        new ProcessBuilder("nginx", "-c", conf.toString(), "-p", directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out.log").toFile())
            .start();
    if (master.waitFor(1, TimeUnit.SECONDS)) {
      throw new IOException(
          "nginx did not start: " + Files.readString(directory.resolve("out.log")));
    }
    return new StaticNginx(master, port);
  }

  URI url(String file) {
    return URI.create("http://127.0.0.1:" + port + "/" + file);
  }

  List<Long> processes() {
    List<Long> pids = new ArrayList<>(Proc.descendants(master.pid()));
    pids.add(master.pid());
    return pids;
  }

  @Override
  public void close() {
    master.descendants().forEach(ProcessHandle::destroy);
    master.destroy();
    try {
      if (!master.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        master.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
