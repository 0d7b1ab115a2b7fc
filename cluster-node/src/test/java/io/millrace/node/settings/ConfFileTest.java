package io.millrace.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.node.NodeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfFileTest {
  private static final Path CONF = Path.of("..", "conf", "millrace.conf");

  private static final Path REFERENCE = Path.of("src", "main", "resources", "reference.conf");

  @Test
  void operatorsFileShowsEveryKeyWithItsDefault() {
    Config file = ConfigFactory.parseFile(CONF.toFile());

    assertThat(file.getConfig("millrace"))
        .isEqualTo(ConfigFactory.parseFile(REFERENCE.toFile()).getConfig("millrace"));
  }

  @Test
  void operatorsFileExplainsEveryKey() throws IOException {
    List<String> bare = new ArrayList<>();
    String previous = "";
    for (String line : Files.readAllLines(CONF)) {
      boolean key = line.strip().matches("[a-z0-9-]+ = .*");
      boolean explained = previous.strip().startsWith("#");
      boolean samePlainKind = line.strip().matches("port = .*|bind = .*");
      if (key && !explained && !samePlainKind) {
        bare.add(line.strip());
      }
      previous = line;
    }

    assertThat(bare).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"node1", "node2", "node3"})
  void exampleOfAClusterIsValid(String node) {
    Path file = CONF.resolveSibling("cluster").resolve(node + ".conf");

    Config config = ConfigFiles.load(file);
    NodeSettings settings = NodeSettingsReader.read(config);

    assertThat(settings.nodeName()).isEqualTo(node);
    assertThat(settings.cluster()).isPresent();
    assertThat(config.getString("pekko.cluster.down-removal-margin")).isEqualTo("200ms");
  }

  @Test
  void refusesAFileThatDoesNotExist() {
    SettingsException e =
        catchThrowableOfType(
            SettingsException.class, () -> ConfigFiles.load(Path.of("no-such-file.conf")));

    assertThat(e.problems())
        .containsExactly("--conf = no-such-file.conf: must be a file that can be read");
  }

  @Test
  void refusesUnknownKeys(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("a.conf"), "millrace.rtmp.prot = 1935");

    SettingsException e =
        catchThrowableOfType(SettingsException.class, () -> ConfigFiles.load(file));

    assertThat(e.problems()).containsExactly("millrace.rtmp.prot: unknown key");
  }
}
