package io.millrace.multijvm.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.multijvm.Nodes;
import io.millrace.testkit.Await;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** curl reads a node over TLS, with certificates that OpenSSL made. */
@Tag("clients")
@Timeout(120)
class TlsClientsIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Path certificate;
  private final Path key;
  private final NodeOptions options;

  TlsClientsIT() throws IOException {
    NodeOptions plain = Nodes.single(TlsClientsIT.class, "node");
    certificate = plain.directory().resolve("fullchain.pem");
    key = plain.directory().resolve("privkey.pem");
    options =
        plain
            .withSetting("millrace.http.tls.enabled", true)
            .withSetting("millrace.http.tls.certificate", certificate)
            .withSetting("millrace.http.tls.key", key)
            .withEnvironment("MILLRACE_HTTPS_PORT", "0");
  }

  /** The files are put in place as certbot and its kin do it: made elsewhere, then renamed. */
  private void makeCertificate(String... algorithm) throws IOException {
    Path newKey = key.resolveSibling("new.key");
    Path newCertificate = key.resolveSibling("new.pem");
    List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes"));
    command.addAll(Arrays.asList(algorithm));
    command.addAll(List.of("-days", "2", "-subj", "/CN=localhost"));
    command.addAll(List.of("-addext", "subjectAltName=IP:127.0.0.1"));
    command.addAll(List.of("-keyout", newKey.toString(), "-out", newCertificate.toString()));
    ClientProgram.run("openssl", SOON, command);
    Files.move(newKey, key, StandardCopyOption.REPLACE_EXISTING);
    Files.move(newCertificate, certificate, StandardCopyOption.REPLACE_EXISTING);
  }

  /** HTTP version and status; only curl's complaint when it does not trust the node. */
  private String curl(NodeProcess node, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "curl \"$@\" || true", "curl"));
    command.addAll(List.of("-sS", "--cacert"));
    command.add(certificate.toString());
    command.addAll(List.of("-o", "/dev/null", "-w", "%{http_version} %{http_code}"));
    command.addAll(Arrays.asList(arguments));
    command.add("https://127.0.0.1:" + node.ready().httpsPort() + "/health/ready");
    return ClientProgram.run("curl", SOON, command);
  }

  @Test
  void curlSpeaksHttp2AndHttp11AndSeesANewCertificate() throws IOException {
    makeCertificate("-newkey", "rsa:2048");
    try (NodeProcess node = NodeProcess.start(options)) {
      assertThat(curl(node, "--http2")).isEqualTo("2 200");
      assertThat(curl(node, "--http1.1")).isEqualTo("1.1 200");
      assertThat(curl(node, "--http2", "--tlsv1.2", "--tls-max", "1.2")).isEqualTo("2 200");

      makeCertificate("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
      Await.until("the new certificate is in use", SOON, () -> curl(node).equals("2 200"));
    }
  }
}
