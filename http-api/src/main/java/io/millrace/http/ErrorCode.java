package io.millrace.http;

/** Every error that the server answers by itself. The dotted codes are part of the API. */
enum ErrorCode {
  ROUTE_NOT_FOUND("route.not-found", 404, "There is nothing at this address."),
  METHOD_NOT_ALLOWED("request.method-not-allowed", 405, "This address does not know the method."),
  RANGE_NOT_SATISFIABLE("request.range-not-satisfiable", 416, "The range starts past the end."),
  STREAM_NOT_FOUND("stream.not-found", 404, "There is no such stream."),
  STREAM_STARTING("stream.starting", 503, "The stream has no segments yet."),
  STREAM_PAUSED("stream.paused", 503, "The stream's owner cannot be confirmed now."),
  RENDITION_NOT_FOUND("rendition.not-found", 404, "The stream has no such rendition."),
  RELOAD_INVALID("reload.invalid", 400, "No player may ask for this version of the playlist."),
  RELOAD_OVERLOADED("reload.overloaded", 503, "Too many requests wait for a playlist."),
  OBJECT_NOT_FOUND("object.not-found", 404, "There is no such media object."),
  THUMBNAIL_NOT_FOUND("thumbnail.not-found", 404, "There is no picture of the stream yet."),
  UNAVAILABLE("server.unavailable", 503, "What was asked for cannot be read now."),
  INTERNAL("server.internal", 500, "The server failed.");

  private final String code;
  private final int status;
  private final String message;

  ErrorCode(String code, int status, String message) {
    this.code = code;
    this.status = status;
    this.message = message;
  }

  String code() {
    return code;
  }

  int status() {
    return status;
  }

  String message() {
    return message;
  }
}
