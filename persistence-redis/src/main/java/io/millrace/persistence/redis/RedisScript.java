package io.millrace.persistence.redis;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script of this plugin: sent by its hash, as a whole only to a Redis that does not have it.
 */
record RedisScript(String source, String sha1, ScriptOutputType output) {

  /** Loads {@code NAME.lua} beside this class. */
  static RedisScript load(String name, ScriptOutputType output) {
    try (InputStream in = RedisScript.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IOException(name + ".lua is not on the class path");
      }
      byte[] source = in.readAllBytes();
      return new RedisScript(new String(source, StandardCharsets.UTF_8), sha1(source), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(byte[] source) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
