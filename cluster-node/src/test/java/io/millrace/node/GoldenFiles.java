package io.millrace.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Serialized forms that older nodes wrote and that must stay readable, as JSON text under {@code
 * src/test/resources/golden}. {@code -Dgolden.update=true}, run in the module's directory, writes
 * them anew.
 */
public final class GoldenFiles {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private GoldenFiles() {}

  /** The golden form; {@code actual} becomes it when golden files are updated. */
  public static JsonNode golden(String name, JsonNode actual) {
    try {
      if (Boolean.getBoolean("golden.update")) {
        Path file = Path.of("src/test/resources/golden").resolve(name + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, JSON.writeValueAsString(actual) + "\n", StandardCharsets.UTF_8);
        return actual;
      }
      try (InputStream in = GoldenFiles.class.getResourceAsStream("/golden/" + name + ".json")) {
        if (in == null) {
          throw new AssertionError("golden file " + name + " is missing");
        }
        return JSON.readTree(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
