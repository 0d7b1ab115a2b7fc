package io.millrace.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;

/**
 * Tells playback sessions apart without keeping an address and without a mark in the URLs, which
 * would be one cache entry per viewer: a salted hash of address, user agent and, where the player
 * sends one, its session id. Two people with the same browser behind one address are one session
 * unless their players send ids, as Apple's do.
 */
final class ViewerSession {

  /** Sent by AVPlayer with every request of a playback; other players may send it too. */
  static final String SESSION_ID = "X-Playback-Session-Id";

  private static final String PURPOSE = "millrace viewer sessions 1";
  private static final int MAX_ID_LENGTH = 128;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private ViewerSession() {}

  static long randomSalt() {
    return new SecureRandom().nextLong();
  }

  /** The same on every node that knows the secret. */
  static long saltOf(String secret) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(PURPOSE.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(sha.digest(secret.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Evenly spread over all longs, as {@link ViewerSample} needs it. */
  static long of(HttpRequest request, boolean trustForwardedFor, long salt) {
    long hash = add(FNV_OFFSET ^ salt, address(request, trustForwardedFor));
    hash = add(hash, header(request, "User-Agent"));
    String id = header(request, SESSION_ID);
    return spread(add(hash, id.length() > MAX_ID_LENGTH ? "" : id));
  }

  private static String address(HttpRequest request, boolean trustForwardedFor) {
    if (trustForwardedFor) {
      String forwarded = header(request, "X-Forwarded-For");
      if (!forwarded.isEmpty()) {
        int comma = forwarded.indexOf(',');
        return (comma < 0 ? forwarded : forwarded.substring(0, comma)).trim();
      }
    }
    return request
        .getAttribute(AttributeKeys.remoteAddress)
        .flatMap(RemoteAddress::getAddress)
        .map(address -> address.getHostAddress())
        .orElse("");
  }

  private static String header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value).orElse("");
  }

  /** FNV-1a, 64 bits. */
  private static long add(long hash, String text) {
    long mixed = hash;
    for (int i = 0; i < text.length(); i++) {
      mixed = (mixed ^ text.charAt(i)) * FNV_PRIME;
    }
    return (mixed ^ 0xffff) * FNV_PRIME;
  }

  /** The finalizer of MurmurHash3: FNV's high bits depend too little on the last characters. */
  private static long spread(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
