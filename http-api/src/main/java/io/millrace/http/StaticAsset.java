package io.millrace.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * A file of the jar, read and compressed once at start.
 *
 * @param etag first 16 hex digits of the SHA-256
 */
record StaticAsset(ContentType type, byte[] plain, byte[] gzip, String etag) {

  /**
   * @param resource absolute name on the class path
   * @throws IllegalStateException if there is none: the jar is broken
   */
  static StaticAsset load(String resource, String contentType) {
    byte[] plain = read(resource);
    return new StaticAsset(ContentTypes.parse(contentType), plain, compress(plain), hash(plain));
  }

  /** 200 or 304; always revalidated, so that an upgraded server shows its own pages at once. */
  HttpResponse respond(HttpRequest request) {
    boolean compressed = Conditions.acceptsGzip(request);
    String tag = compressed ? etag + "-gz" : etag;
    HttpResponse head =
        HttpResponse.create()
            .addHeader(Headers.etag(tag))
            .addHeader(Headers.NO_CACHE)
            .addHeader(Headers.VARY_ENCODING);
    if (Conditions.isKnown(request, tag)) {
      return head.withStatus(StatusCodes.NOT_MODIFIED);
    }
    return compressed
        ? head.addHeader(Headers.GZIP).withEntity(type, gzip)
        : head.withEntity(type, plain);
  }

  private static byte[] read(String resource) {
    try (InputStream in = StaticAsset.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource: " + resource + " (expected: in the jar)");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] compress(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 3 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
