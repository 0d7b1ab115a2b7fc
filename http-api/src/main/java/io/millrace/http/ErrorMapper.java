package io.millrace.http;

import java.util.UUID;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only maker of error answers: JSON {@code {code, message, detail}}, never a stack trace. */
final class ErrorMapper {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);

  private ErrorMapper() {}

  static HttpResponse respond(ErrorCode code) {
    return respond(code, null);
  }

  /**
   * @param detail what this request did wrong; null: left out
   */
  static HttpResponse respond(ErrorCode code, String detail) {
    HttpResponse response =
        Json.response(
            StatusCodes.get(code.status()), new Body(code.code(), code.message(), detail));
    return switch (code.status()) {
      case 404 -> response.addHeader(Headers.cacheFor(1));
      case 503 -> response.addHeader(Headers.NO_STORE).addHeader(Headers.RETRY_AFTER);
      default -> response.addHeader(Headers.NO_STORE);
    };
  }

  /** A handler failed: the cause goes to the log under a reference that the client sees. */
  static HttpResponse failure(RouteKind kind, Throwable cause) {
    String reference = UUID.randomUUID().toString().substring(0, 8);
    LOG.error("{} request failed, reference {}", kind.tag(), reference, cause);
    return respond(ErrorCode.INTERNAL, "reference " + reference);
  }

  private record Body(String code, String message, String detail) {}
}
