package io.millrace.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One address of the server.
 *
 * @param method {@code GET} (answers HEAD too), {@code POST} or {@code DELETE}
 * @param template path with variables in braces, e.g. {@code /hls/{stream}/index.m3u8}
 */
record Route(RouteKind kind, String method, String template, List<String> parts, Handler handler) {

  static Route get(RouteKind kind, String template, Handler handler) {
    return new Route(kind, "GET", template, PathSegments.split(template), handler);
  }

  static Route post(RouteKind kind, String template, Handler handler) {
    return new Route(kind, "POST", template, PathSegments.split(template), handler);
  }

  static Route delete(RouteKind kind, String template, Handler handler) {
    return new Route(kind, "DELETE", template, PathSegments.split(template), handler);
  }

  /** Answers a request; never blocks. A failure of any kind becomes a JSON 500. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<HttpResponse> handle(Call call);
  }

  /**
   * @param variables values of the template's variables, in its order
   */
  record Call(HttpRequest request, List<String> variables) {

    String variable(int index) {
      return variables.get(index);
    }
  }

  /** Values of the variables if the path is of this route. */
  Optional<List<String>> match(List<String> segments) {
    if (segments.size() != parts.size()) {
      return Optional.empty();
    }
    for (int i = parts.size() - 1; i >= 0; i--) {
      String part = parts.get(i);
      if (!isVariable(part) && !part.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    List<String> variables = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      if (isVariable(parts.get(i))) {
        variables.add(segments.get(i));
      }
    }
    return Optional.of(variables);
  }

  private static boolean isVariable(String part) {
    return part.startsWith("{");
  }
}
