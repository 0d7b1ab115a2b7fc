package io.millrace.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A page that plays a stream with hls.js as it comes; serves a directory of HLS files, too. */
final class HlsJsPage implements AutoCloseable {
  private static final String HLS_JS = "/META-INF/resources/webjars/hls.js/1.4.12/dist/hls.min.js";
  private static final String PAGE =
      """
      <!doctype html><video muted autoplay></video><script src="/hls.js"></script><script>
      const video = document.querySelector('video');
      window.waits = 0;
      video.addEventListener('waiting', () => { window.waits++; });
      const start = () => {
        const hls = window.hls = new Hls();
        hls.on(Hls.Events.ERROR, (event, data) => {
          if (!data.fatal) return;
          if (data.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
          else { hls.destroy(); setTimeout(start, 500); }
        });
        hls.loadSource('SOURCE');
        hls.attachMedia(video);
        video.play();
      };
      start();
      </script>
      """;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  private HlsJsPage(HttpServer server) {
    this.server = server;
  }

  /** A stream whose playlist is {@code STREAM.m3u8} in a directory. */
  static HlsJsPage serve(Path directory, String stream) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    HlsJsPage page = new HlsJsPage(server);
    byte[] html = PAGE.replace("SOURCE", "/" + stream + ".m3u8").getBytes(StandardCharsets.UTF_8);
    byte[] script = script();
    server.createContext("/", exchange -> file(exchange, directory));
    server.createContext("/page", exchange -> answer(exchange, 200, "text/html", html));
    server.createContext("/hls.js", exchange -> answer(exchange, 200, "text/javascript", script));
    server.setExecutor(page.threads);
    server.start();
    return page;
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/page");
  }

  private static void file(HttpExchange exchange, Path directory) throws IOException {
    Path file = directory.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
    if (!file.startsWith(directory) || !Files.isRegularFile(file)) {
      answer(exchange, 404, "text/plain", new byte[0]);
    } else {
      answer(exchange, 200, "application/octet-stream", Files.readAllBytes(file));
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-cache");
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] script() throws IOException {
    try (InputStream in = HlsJsPage.class.getResourceAsStream(HLS_JS)) {
      if (in == null) {
        throw new IOException("no " + HLS_JS + " on the class path");
      }
      return in.readAllBytes();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
