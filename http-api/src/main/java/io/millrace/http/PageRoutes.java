package io.millrace.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Dashboard and player, with all they load; nothing comes from another host. */
final class PageRoutes {

  private static final String WEB = "/io/millrace/http/web/";
  private static final String HLS_JS_WEBJAR = "/META-INF/maven/org.webjars.npm/hls.js/";

  /** hls.js plays through blob URLs and runs its demuxer in a blob worker. */
  private static final List<HttpHeader> SECURITY =
      List.of(
          RawHeader.create(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                  + " media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:;"
                  + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"),
          RawHeader.create("X-Content-Type-Options", "nosniff"),
          RawHeader.create("Referrer-Policy", "no-referrer"));

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(page("/", WEB + "index.html", "text/html; charset=UTF-8"));
    routes.add(page("/watch/{stream}", WEB + "watch.html", "text/html; charset=UTF-8"));
    routes.add(script("format.js"));
    routes.add(script("dashboard.js"));
    routes.add(script("player.js"));
    routes.add(script("watch.js"));
    routes.add(page("/assets/millrace.css", WEB + "millrace.css", "text/css; charset=UTF-8"));
    routes.add(page("/assets/icon.svg", WEB + "icon.svg", "image/svg+xml"));
    routes.add(
        page("/assets/hls.min.js", hlsJsResource(), "application/javascript; charset=UTF-8"));
    return List.copyOf(routes);
  }

  private static Route script(String name) {
    return page("/assets/" + name, WEB + name, "application/javascript; charset=UTF-8");
  }

  private static Route page(String path, String resource, String contentType) {
    StaticAsset asset = StaticAsset.load(resource, contentType);
    return Route.get(
        RouteKind.PAGE,
        path,
        call ->
            CompletableFuture.completedFuture(asset.respond(call.request()).addHeaders(SECURITY)));
  }

  /** The WebJar's paths contain its version, so it is asked which one it is. */
  private static String hlsJsResource() {
    Properties properties = new Properties();
    try (InputStream in = PageRoutes.class.getResourceAsStream(HLS_JS_WEBJAR + "pom.properties")) {
      if (in == null) {
        throw new IllegalStateException("resource: hls.js WebJar (expected: on the class path)");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "/META-INF/resources/webjars/hls.js/"
        + properties.getProperty("version")
        + "/dist/hls.min.js";
  }
}
