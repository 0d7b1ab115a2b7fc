package io.millrace.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** Turns playlists and media objects into answers; wraps their bytes, never copies them. */
final class HlsResponses {

  private static final ContentType PLAYLIST =
      ContentTypes.create(MediaTypes.customBinary("application", "vnd.apple.mpegurl", false));
  private static final long MULTIVARIANT_MAX_AGE_SECONDS = 1;
  private static final long ENDED_MAX_AGE_SECONDS = 60;

  private final Map<String, ContentType> contentTypes = new ConcurrentHashMap<>();
  private final HttpHeader objectCaching;

  HlsResponses(Duration objectMaxAge) {
    this.objectCaching = Headers.immutableFor(objectMaxAge.toSeconds());
  }

  static HttpResponse error(ErrorCode code) {
    return ErrorMapper.respond(code).addHeaders(Headers.CORS);
  }

  HttpResponse multivariant(HttpRequest request, Playlist playlist) {
    return playlist(request, playlist, MULTIVARIANT_MAX_AGE_SECONDS);
  }

  /** A live playlist may be kept for at most half a target duration; a quarter keeps it fresh. */
  HttpResponse media(HttpRequest request, Playlist playlist) {
    return playlist(request, playlist, Math.max(1, playlist.targetDurationSeconds() / 4));
  }

  private static HttpResponse playlist(HttpRequest request, Playlist playlist, long maxAge) {
    boolean gzip = Conditions.acceptsGzip(request);
    String etag = gzip ? playlist.etag() + "-gz" : playlist.etag();
    HttpResponse head =
        HttpResponse.create()
            .addHeaders(Headers.CORS)
            .addHeader(Headers.etag(etag))
            .addHeader(Headers.cacheFor(playlist.ended() ? ENDED_MAX_AGE_SECONDS : maxAge))
            .addHeader(Headers.VARY_ENCODING);
    if (Conditions.isKnown(request, etag)) {
      return head.withStatus(StatusCodes.NOT_MODIFIED);
    }
    return gzip
        ? head.addHeader(Headers.GZIP).withEntity(PLAYLIST, playlist.gzip())
        : head.withEntity(PLAYLIST, playlist.plain());
  }

  HttpResponse object(HttpRequest request, String name, MediaObject object) {
    HttpResponse head =
        HttpResponse.create()
            .addHeaders(Headers.CORS)
            .addHeader(Headers.etag(name))
            .addHeader(objectCaching)
            .addHeader(Headers.ACCEPT_RANGES);
    if (Conditions.isKnown(request, name)) {
      return head.withStatus(StatusCodes.NOT_MODIFIED);
    }
    Optional<ByteRange> range = Conditions.range(request, name, object.bytes().length);
    return range.isEmpty() ? whole(head, object) : part(head, object, range.get());
  }

  private HttpResponse whole(HttpResponse head, MediaObject object) {
    return head.withEntity(
        HttpEntities.create(contentType(object), ByteString.fromArrayUnsafe(object.bytes())));
  }

  private HttpResponse part(HttpResponse head, MediaObject object, ByteRange range) {
    int length = object.bytes().length;
    if (!range.satisfiable()) {
      return error(ErrorCode.RANGE_NOT_SATISFIABLE)
          .addHeader(RawHeader.create("Content-Range", "bytes */" + length));
    }
    String contentRange = "bytes " + range.first() + '-' + range.last() + '/' + length;
    return head.withStatus(StatusCodes.PARTIAL_CONTENT)
        .addHeader(RawHeader.create("Content-Range", contentRange))
        .withEntity(
            HttpEntities.create(
                contentType(object),
                ByteString.fromArrayUnsafe(object.bytes(), range.first(), range.length())));
  }

  private ContentType contentType(MediaObject object) {
    return contentTypes.computeIfAbsent(object.contentType(), ContentTypes::parse);
  }
}
