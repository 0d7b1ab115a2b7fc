package io.millrace.media.fmp4;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of init segments by content: the same bytes have the same URI in every epoch. */
public final class InitNames {
  private static final int HASH_BYTES = 8;

  private InitNames() {}

  /** {@code init-<first 16 hex digits of the SHA-256 of init>.mp4}. */
  public static String of(byte[] init) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(init);
      return "init-" + HexFormat.of().formatHex(hash, 0, HASH_BYTES) + ".mp4";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: missing (expected: in every Java platform)", e);
    }
  }
}
