package io.millrace.node.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Layers of the configuration, the strongest first: system properties, environment (addresses,
 * ports, places), the operator's file, {@code cluster-mode.conf} and {@code application.conf} (what
 * a node asks of Pekko), {@code reference.conf}.
 */
public final class ConfigFiles {
  private static final String MODE = "millrace.mode";

  private ConfigFiles() {}

  /**
   * Everything resolved.
   *
   * @param file the operator's file; null for none
   * @throws SettingsException if the file cannot be read or parsed, or has keys that do not exist
   */
  public static Config load(Path file) {
    Config given = file == null ? ConfigFactory.empty() : parse(file);
    SettingsReader reader = new SettingsReader(given);
    Config reference = ConfigFactory.defaultReference();
    reader.unknownKeys(given.withOnlyPath("millrace"), reference);
    reader.finish();
    Config environment = ConfigFactory.parseResources("environment.conf").resolve();
    Config operator = environment.withFallback(given);
    Config node = forMode(operator).withFallback(ConfigFactory.defaultApplication());
    return ConfigFactory.load(operator.withFallback(node));
  }

  /** What the mode asks of Pekko; the operator's own values win over it. */
  private static Config forMode(Config operator) {
    Config asked = ConfigFactory.defaultOverrides().withFallback(operator);
    boolean cluster = asked.hasPath(MODE) && asked.getString(MODE).equals("cluster");
    return cluster ? ConfigFactory.parseResources("cluster-mode.conf") : ConfigFactory.empty();
  }

  private static Config parse(Path file) {
    if (!Files.isReadable(file)) {
      throw new SettingsException(
          List.of("--conf = " + file + ": must be a file that can be read"));
    }
    try {
      return ConfigFactory.parseFile(file.toFile(), ConfigParseOptions.defaults()).resolve();
    } catch (ConfigException e) {
      throw new SettingsException(List.of("--conf = " + file + ": " + e.getMessage()));
    }
  }
}
