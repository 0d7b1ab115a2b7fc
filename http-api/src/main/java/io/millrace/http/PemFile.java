package io.millrace.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of a PEM file, in order. Text between them is ignored (RFC 7468 §2). */
final class PemFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  /**
   * @param label e.g. {@code CERTIFICATE}
   * @param der decoded content
   */
  record Block(String label, byte[] der) {}

  private PemFile() {}

  /**
   * Reads all blocks; there may be none.
   *
   * @throws TlsException if the file cannot be read, is larger than 1 MiB, or a block is no Base64
   */
  static List<Block> read(Path file) throws TlsException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text(file));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), decode(file, matcher.group(1), matcher.group(2))));
    }
    return blocks;
  }

  private static String text(Path file) throws TlsException {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new TlsException(file, size + " bytes", "a PEM file of at most 1 MiB");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (TlsException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new TlsException(file, "not there", "a PEM file");
    } catch (IOException e) {
      throw new TlsException(file, e.toString(), "a readable PEM file");
    }
  }

  /** RFC 1421 headers (Proc-Type, DEK-Info) stand before the Base64 of encrypted keys. */
  private static byte[] decode(Path file, String label, String content) throws TlsException {
    if (content.contains(":")) {
      throw new TlsException(file, "encrypted " + label, "a key without a password");
    }
    try {
      return Base64.getMimeDecoder().decode(content);
    } catch (IllegalArgumentException e) {
      throw new TlsException(file, label + " is not Base64", "a PEM file");
    }
  }
}
