package io.millrace.protocol.relay;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who may use the data port: both ends prove that they know the cluster's secret, by an HMAC-SHA256
 * over their role, both nonces, both nodes' names and the lease. A proof is good for one
 * connection, one direction and one lease. Nothing is encrypted. Thread-safe.
 */
public final class RelayProofs {
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte OWNER = 'O';
  private static final byte INGEST = 'I';

  private final SecretKeySpec key;

  /**
   * @param secret shared by all nodes, not empty
   */
  public RelayProofs(byte[] secret) {
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /** The owner's proof, over the ingest's Hello and its own nonce and name. */
  public byte[] owner(RelayMessage.Hello hello, byte[] ownerNonce, String ownerNode) {
    return proof(OWNER, hello, ownerNonce, ownerNode);
  }

  /** The ingest's proof, over the same. */
  public byte[] ingest(RelayMessage.Hello hello, byte[] ownerNonce, String ownerNode) {
    return proof(INGEST, hello, ownerNonce, ownerNode);
  }

  /** In constant time. */
  public static boolean equal(byte[] expected, byte[] actual) {
    return MessageDigest.isEqual(expected, actual);
  }

  private byte[] proof(byte role, RelayMessage.Hello hello, byte[] ownerNonce, String ownerNode) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(ByteBuffer.allocate(5).putInt(FrameType.MAGIC).put(role).flip());
      mac.update(hello.nonce());
      mac.update(ownerNonce);
      string(mac, hello.node());
      string(mac, ownerNode);
      string(mac, hello.stream());
      mac.update(ByteBuffer.allocate(16).putLong(hello.epoch()).putLong(hello.session()).flip());
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static void string(Mac mac, String text) {
    byte[] bytes = RelayWriter.utf8(text);
    mac.update((byte) bytes.length);
    mac.update(bytes);
  }
}
