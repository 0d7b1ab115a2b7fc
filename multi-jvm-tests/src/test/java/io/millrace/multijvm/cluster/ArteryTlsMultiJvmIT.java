package io.millrace.multijvm.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.cluster.ClusterFixture;
import io.millrace.testkit.cluster.ClusterOptions;
import io.millrace.testkit.history.StreamHistory;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Control messages between nodes over TLS, with key stores made as an operator would. */
@Tag("cluster-faults")
@Timeout(240)
class ArteryTlsMultiJvmIT {
  private static final String ARTERY = "pekko.remote.artery.";
  private static final String SSL = ARTERY + "ssl.config-ssl-engine.";
  private static final String PASSWORD = "only-for-this-test";

  @Test
  void shouldCarryAStreamAndKeepNodesWithoutAKeyOut() throws Exception {
    ClusterOptions options = Clusters.quick(getClass(), 2);
    for (var setting : tls(options.directory()).entrySet()) {
      options = options.withSetting(setting.getKey(), setting.getValue());
    }
    try (ClusterFixture cluster = ClusterFixture.start(options);
        ClusterRun run = ClusterRun.start(cluster, "over-tls", 2)) {
      assertThat(run.owner()).as("control messages cross nodes").isEqualTo(1);
      NodeOptions plain =
          cluster
              .options(3)
              .withSetting(ARTERY + "transport", "tcp")
              .withStartDeadline(Duration.ofSeconds(12));
      assertThatThrownBy(() -> NodeProcess.start(plain).close())
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("no ready line");
      StreamHistory history = run.finish();

      run.verify(history, 0, 1);
      cluster.awaitMembers(2, Duration.ofSeconds(30));
    }
  }

  private static Map<String, String> tls(Path directory) throws Exception {
    Path keys = directory.resolve("keys.p12");
    Path trust = directory.resolve("trust.p12");
    Path certificate = directory.resolve("node.pem");
    Files.createDirectories(directory);
    keytool(keys, "-genkeypair", "-alias", "node", "-keyalg", "RSA", "-dname", "CN=millrace");
    keytool(keys, "-exportcert", "-rfc", "-alias", "node", "-file", certificate.toString());
    keytool(trust, "-importcert", "-noprompt", "-alias", "node", "-file", certificate.toString());
    return Map.of(
        ARTERY + "transport",
        "tls-tcp",
        SSL + "key-store",
        keys.toString(),
        SSL + "key-store-password",
        PASSWORD,
        SSL + "key-password",
        PASSWORD,
        SSL + "trust-store",
        trust.toString(),
        SSL + "trust-store-password",
        PASSWORD);
  }

  private static void keytool(Path store, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
