package io.millrace.http;

import java.security.SecureRandom;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;

/** Tells playback sessions apart without keeping an address: FNV-1a 64 with a salt per process. */
final class ViewerSession {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long SALT = new SecureRandom().nextLong();

  private ViewerSession() {}

  static long of(HttpRequest request, boolean trustForwardedFor) {
    long hash = add(FNV_OFFSET ^ SALT, address(request, trustForwardedFor));
    return add(hash, header(request, "User-Agent"));
  }

  private static String address(HttpRequest request, boolean trustForwardedFor) {
    if (trustForwardedFor) {
      String forwarded = header(request, "X-Forwarded-For");
      if (!forwarded.isEmpty()) {
        int comma = forwarded.indexOf(',');
        return comma < 0 ? forwarded : forwarded.substring(0, comma);
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

  private static long add(long hash, String text) {
    long mixed = hash;
    for (int i = 0; i < text.length(); i++) {
      mixed = (mixed ^ text.charAt(i)) * FNV_PRIME;
    }
    return (mixed ^ 0xffff) * FNV_PRIME;
  }
}
