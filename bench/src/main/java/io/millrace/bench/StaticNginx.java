package io.millrace.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** nginx that serves files from a directory, with the header fields that players need. */
final class StaticNginx implements AutoCloseable {
  private final Nginx nginx;
  private final int port;

  private StaticNginx(Nginx nginx, int port) {
    this.nginx = nginx;
    this.port = port;
  }

  /** Serves {@code files}; its own files go to {@code directory}. */
  static StaticNginx start(Path files, Path directory) throws IOException, InterruptedException {
    int port = Nginx.freePort();
    Nginx nginx =
        Nginx.start(
            directory,
            """
            events { worker_connections 4096; }
            http {
              access_log off;
              sendfile on;
              tcp_nopush on;
              keepalive_requests 1000000000;
              open_file_cache max=100;
              types { application/vnd.apple.mpegurl m3u8; video/mp4 m4s; }
              server {
                listen 127.0.0.1:%1$d;
                root %2$s;
                location / {
                  add_header Access-Control-Allow-Origin *;
                  add_header Access-Control-Expose-Headers "Age, Date, Content-Length, Content-Range, ETag";
                  add_header Cache-Control "max-age=3600, immutable";
                }
              }
            }
            """
                .formatted(port, files));
    return new StaticNginx(nginx, port);
  }

  URI url(String file) {
    return URI.create("http://127.0.0.1:" + port + "/" + file);
  }

  List<Long> processes() {
    return nginx.processes();
  }

  @Override
  public void close() {
    nginx.close();
  }
}
