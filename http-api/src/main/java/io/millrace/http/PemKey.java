package io.millrace.http;

import io.millrace.http.PemFile.Block;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;

/**
 * Reads the private key that belongs to a certificate: PKCS #8 ({@code PRIVATE KEY}, RFC 5958), or
 * the older forms of OpenSSL, PKCS #1 ({@code RSA PRIVATE KEY}, RFC 8017 A.1.2) and SEC 1 ({@code
 * EC PRIVATE KEY}, RFC 5915).
 */
final class PemKey {
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");
  private static final String EXPECTED = "PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY";
  private static final byte[] VERSION_0 = {2, 1, 0};
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  private PemKey() {}

  /**
   * @param owner of the certificate
   * @throws TlsException if there is no such key, or it is another certificate's
   */
  static PrivateKey read(Path file, PublicKey owner) throws TlsException {
    String signature = SIGNATURES.get(owner.getAlgorithm());
    if (signature == null) {
      throw new TlsException(
          file, "key of a certificate with " + owner.getAlgorithm(), "RSA or EC (ECDSA)");
    }
    PrivateKey key = decode(file, owner);
    try {
      if (belongs(key, owner, signature)) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      throw new TlsException(file, e.toString(), "a key that can sign");
    }
    throw new TlsException(file, "another certificate's key", "the key of the certificate");
  }

  private static PrivateKey decode(Path file, PublicKey owner) throws TlsException {
    byte[] pkcs8 = pkcs8(file, owner);
    try {
      return KeyFactory.getInstance(owner.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new TlsException(
          file, "no " + owner.getAlgorithm() + " key", "the key of the certificate");
    }
  }

  private static byte[] pkcs8(Path file, PublicKey owner) throws TlsException {
    for (Block block : PemFile.read(file)) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return block.der();
        }
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
          return wrapped(block.der(), owner);
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new TlsException(file, "encrypted key", "a key without a password");
        default -> {
          // EC PARAMETERS, certificates
        }
      }
    }
    throw new TlsException(file, "no key", EXPECTED);
  }

  /** The algorithm and curve of a key are those of its certificate. */
  private static byte[] wrapped(byte[] key, PublicKey owner) {
    byte[] algorithm = firstElement(owner.getEncoded());
    return der(SEQUENCE, VERSION_0, algorithm, der(OCTET_STRING, key));
  }

  /** The first element of a SEQUENCE, whole; of a public key (RFC 5280 §4.1): its algorithm. */
  private static byte[] firstElement(byte[] sequence) {
    int start = headerLength(sequence, 0);
    return Arrays.copyOfRange(
        sequence, start, start + headerLength(sequence, start) + contentLength(sequence, start));
  }

  private static int headerLength(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return length < 0x80 ? 2 : 2 + (length & 0x7f);
  }

  private static int contentLength(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    if (length < 0x80) {
      return length;
    }
    int value = 0;
    for (int i = 0; i < (length & 0x7f); i++) {
      value = (value << 8) | (der[at + 2 + i] & 0xff);
    }
    return value;
  }

  /** Tag, length, contents; at most 65535 bytes of them. */
  private static byte[] der(int tag, byte[]... contents) {
    int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length >= 0x80) {
      out.write(0x82);
      out.write(length >> 8);
    }
    out.write(length);
    for (byte[] content : contents) {
      out.writeBytes(content);
    }
    return out.toByteArray();
  }

  private static boolean belongs(PrivateKey key, PublicKey owner, String algorithm)
      throws GeneralSecurityException {
    byte[] text = {1, 2, 3};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(text);
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(owner);
    verifying.update(text);
    return verifying.verify(signing.sign());
  }
}
