package io.millrace.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Proof that an internal request comes from a node of the cluster: an HMAC-SHA256 of a constant
 * under the shared secret, so that the secret itself never travels. It authenticates, it does not
 * encrypt: the private network does.
 */
public final class InternalToken {
  private static final String HEADER = "X-Millrace-Node-Token";
  private static final String PURPOSE = "millrace internal http 1";

  private final byte[] token;
  private final HttpHeader header;

  private InternalToken(String token) {
    this.token = token.getBytes(StandardCharsets.US_ASCII);
    this.header = RawHeader.create(HEADER, token);
  }

  /**
   * @param secret shared by all nodes, not empty
   */
  public static InternalToken of(String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] hash = mac.doFinal(PURPOSE.getBytes(StandardCharsets.UTF_8));
      return new InternalToken(HexFormat.of().formatHex(hash));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256", e);
    }
  }

  HttpHeader header() {
    return header;
  }

  /** Takes the same time for every wrong token. */
  boolean isIn(HttpRequest request) {
    Optional<HttpHeader> given = request.getHeader(HEADER);
    return given.isPresent()
        && MessageDigest.isEqual(given.get().value().getBytes(StandardCharsets.US_ASCII), token);
  }
}
