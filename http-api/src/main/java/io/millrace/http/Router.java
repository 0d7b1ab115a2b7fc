package io.millrace.http;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** Finds the route of a request; a linear walk, since the table is short and HLS comes first. */
final class Router {

  private final List<Route> routes;

  Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  List<Route> routes() {
    return routes;
  }

  /**
   * @param kind of the route, or UNKNOWN
   * @param answer starts the handler; may throw
   */
  record Match(RouteKind kind, Answer answer) {}

  @FunctionalInterface
  interface Answer {
    CompletionStage<HttpResponse> start();
  }

  Match find(HttpRequest request) {
    List<String> segments = PathSegments.split(request.getUri().path());
    if (!PathSegments.areNames(segments)) {
      return unknown();
    }
    String method = request.method().name();
    String wanted = method.equals("HEAD") ? "GET" : method;
    RouteKind kindOfPath = null;
    for (Route route : routes) {
      Optional<List<String>> variables = route.match(segments);
      if (variables.isEmpty()) {
        continue;
      }
      if (route.method().equals(wanted)) {
        Route.Call call = new Route.Call(request, variables.get());
        return new Match(route.kind(), () -> route.handler().handle(call));
      }
      kindOfPath = route.kind();
    }
    return kindOfPath == null ? unknown() : otherMethod(kindOfPath, method, allowed(segments));
  }

  private static Match unknown() {
    return new Match(RouteKind.UNKNOWN, () -> done(ErrorMapper.respond(ErrorCode.ROUTE_NOT_FOUND)));
  }

  private static Match otherMethod(RouteKind kind, String method, String allowed) {
    if (!method.equals("OPTIONS")) {
      return new Match(
          kind,
          () ->
              done(
                  ErrorMapper.respond(ErrorCode.METHOD_NOT_ALLOWED, "allowed: " + allowed)
                      .addHeader(Headers.allow(allowed))));
    }
    HttpResponse options =
        HttpResponse.create().withStatus(StatusCodes.NO_CONTENT).addHeader(Headers.allow(allowed));
    return new Match(
        kind,
        () -> done(kind.crossOrigin() ? options.addHeaders(Headers.CORS_PREFLIGHT) : options));
  }

  private String allowed(List<String> segments) {
    TreeSet<String> methods = new TreeSet<>(List.of("OPTIONS"));
    for (Route route : routes) {
      if (route.match(segments).isPresent()) {
        methods.add(route.method());
        if (route.method().equals("GET")) {
          methods.add("HEAD");
        }
      }
    }
    return String.join(", ", methods);
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
