package io.millrace.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Turns playlists and media objects into answers; wraps their bytes, never copies them. */
final class HlsResponses {

  private static final ContentType PLAYLIST =
      ContentTypes.create(MediaTypes.customBinary("application", "vnd.apple.mpegurl", false));
  private static final long MULTIVARIANT_MAX_AGE_SECONDS = 1;
  private static final long ENDED_MAX_AGE_SECONDS = 1;
  private static final long LOW_LATENCY_MAX_AGE_SECONDS = 1;
  private static final int RELOAD_MAX_AGE_TARGETS = 6;

  private final Map<String, ContentType> contentTypes = new ConcurrentHashMap<>();
  private final MadeAnswers made = new MadeAnswers();
  private final HttpResponse anyObject;

  HlsResponses(Duration objectMaxAge) {
    this.anyObject =
        HttpResponse.create()
            .addHeaders(Headers.CORS)
            .addHeader(Headers.immutableFor(objectMaxAge.toSeconds()))
            .addHeader(Headers.ACCEPT_RANGES);
  }

  static HttpResponse error(ErrorCode code) {
    return error(code, null);
  }

  static HttpResponse error(ErrorCode code, String detail) {
    return ErrorMapper.respond(code, detail).addHeaders(Headers.CORS);
  }

  HttpResponse multivariant(HttpRequest request, Playlist playlist) {
    return playlist(request, playlist, MULTIVARIANT_MAX_AGE_SECONDS);
  }

  /** A live playlist may be kept for at most half a target duration; a quarter keeps it fresh. */
  HttpResponse media(HttpRequest request, Playlist playlist, boolean skip) {
    long maxAge =
        playlist.partTargetMillis() > 0
            ? LOW_LATENCY_MAX_AGE_SECONDS
            : Math.max(1, playlist.targetDurationSeconds() / 4);
    return playlist(request, delta(playlist, skip), maxAge);
  }

  /**
   * Under its address a blocking reload has what was asked for from now on, so that caches may keep
   * it for long; one that ran into its deadline has not.
   */
  HttpResponse reload(HttpRequest request, ReloadAnswer answer, Directives asked) {
    return switch (answer.outcome()) {
      case REACHED ->
          playlist(
              request,
              delta(answer.playlist(), asked.skip()),
              (long) RELOAD_MAX_AGE_TARGETS * answer.playlist().targetDurationSeconds());
      case UNCHANGED ->
          playlist(request, delta(answer.playlist(), asked.skip()), LOW_LATENCY_MAX_AGE_SECONDS);
      case TOO_FAR ->
          error(
              ErrorCode.RELOAD_INVALID,
              "position: "
                  + asked.msn().getAsLong()
                  + (asked.part().isPresent() ? "." + asked.part().getAsInt() : "")
                  + " (expected: at most two segments, or three seconds of parts, ahead)");
      case UNKNOWN -> error(ErrorCode.RENDITION_NOT_FOUND);
      case OVERLOADED -> error(ErrorCode.RELOAD_OVERLOADED);
      case OWNERLESS -> error(ErrorCode.STREAM_PAUSED);
    };
  }

  private static Playlist delta(Playlist playlist, boolean skip) {
    return skip ? playlist.delta().orElse(playlist) : playlist;
  }

  /** An ended playlist never changes, but the next stream of the same name has its address. */
  private HttpResponse playlist(HttpRequest request, Playlist playlist, long maxAge) {
    boolean gzip = Conditions.acceptsGzip(request);
    String etag = gzip ? playlist.etag() + "-gz" : playlist.etag();
    long age = playlist.ended() ? ENDED_MAX_AGE_SECONDS : maxAge;
    if (Conditions.isKnown(request, etag)) {
      return playlistHead(etag, age).withStatus(StatusCodes.NOT_MODIFIED);
    }
    return gzip
        ? made.get(
            playlist.gzip(),
            age,
            () ->
                playlistHead(etag, age)
                    .addHeader(Headers.GZIP)
                    .withEntity(PLAYLIST, playlist.gzip()))
        : made.get(
            playlist.plain(),
            age,
            () -> playlistHead(etag, age).withEntity(PLAYLIST, playlist.plain()));
  }

  private static HttpResponse playlistHead(String etag, long maxAge) {
    return HttpResponse.create()
        .addHeaders(Headers.CORS)
        .addHeader(Headers.etag(etag))
        .addHeader(Headers.cacheFor(maxAge))
        .addHeader(Headers.VARY_ENCODING);
  }

  HttpResponse object(HttpRequest request, String name, MediaObject object) {
    HttpResponse head = anyObject.addHeader(Headers.etag(name));
    if (Conditions.isKnown(request, name)) {
      return head.withStatus(StatusCodes.NOT_MODIFIED);
    }
    Optional<ByteRange> range = Conditions.range(request, name, object.length());
    return range.isEmpty() ? whole(head, object) : part(head, object, range.get());
  }

  private HttpResponse whole(HttpResponse head, MediaObject object) {
    return head.withEntity(HttpEntities.create(contentType(object), object.content()));
  }

  private HttpResponse part(HttpResponse head, MediaObject object, ByteRange range) {
    int length = object.length();
    if (!range.satisfiable()) {
      return error(ErrorCode.RANGE_NOT_SATISFIABLE)
          .addHeader(RawHeader.create("Content-Range", "bytes */" + length));
    }
    String contentRange = "bytes " + range.first() + '-' + range.last() + '/' + length;
    return head.withStatus(StatusCodes.PARTIAL_CONTENT)
        .addHeader(RawHeader.create("Content-Range", contentRange))
        .withEntity(
            HttpEntities.create(
                contentType(object), object.content(range.first(), range.length())));
  }

  private ContentType contentType(MediaObject object) {
    return contentTypes.computeIfAbsent(object.contentType(), ContentTypes::parse);
  }
}
