package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIdentityTest {
  @TempDir static Path directory;

  private static TestCertificate rsa;
  private static TestCertificate ec;

  @BeforeAll
  static void makeCertificates() {
    rsa = TestCertificate.make("RSA", directory);
    ec = TestCertificate.make("EC", directory);
  }

  private static TlsSettings files(String certificate, String key) throws IOException {
    Path certificateFile = directory.resolve("cert.pem");
    Path keyFile = directory.resolve("key.pem");
    Files.writeString(certificateFile, certificate);
    Files.writeString(keyFile, key);
    return new TlsSettings(0, certificateFile, keyFile);
  }

  private static void assertRefused(String certificate, String key, String message)
      throws IOException {
    TlsSettings files = files(certificate, key);
    assertThatThrownBy(() -> TlsIdentity.load(files))
        .isInstanceOf(TlsException.class)
        .hasMessage(
            message
                .replace("CERT_FILE", "" + files.certificate())
                .replace("KEY_FILE", "" + files.key()));
  }

  @Test
  void readsKeysInEveryForm() throws IOException {
    for (TestCertificate made : new TestCertificate[] {rsa, ec}) {
      TlsIdentity modern = TlsIdentity.load(files(made.certificatePem(), made.keyPem()));
      TlsIdentity old = TlsIdentity.load(files(made.certificatePem(), made.oldKeyPem()));

      assertThat(modern.isSameAs(old)).isTrue();
      assertThat(modern).asString().startsWith("CN=localhost, valid until 20");
    }
  }

  @Test
  void takesTheFirstKeyBesideWhatElseIsInTheFile() throws IOException {
    String both = "Subject: ...\n" + ec.certificatePem() + "\r\n" + ec.keyPem();
    TlsIdentity identity = TlsIdentity.load(files(both, both));

    assertThat(identity.isSameAs(TlsIdentity.load(files(rsa.certificatePem(), rsa.keyPem()))))
        .isFalse();
  }

  @Test
  void saysWhichFileIsWrongAndWhatIsExpected() throws IOException {
    assertRefused(
        "",
        ec.keyPem(),
        "CERT_FILE: no CERTIFICATE (expected: the server's certificate, then its chain)");
    assertRefused(
        ec.certificatePem().replace("MII", "AAA"),
        ec.keyPem(),
        "CERT_FILE: damaged CERTIFICATE (expected: X.509 certificates)");
    assertRefused(
        ec.certificatePem(),
        "",
        "KEY_FILE: no key (expected: PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY)");
    assertRefused(
        ec.certificatePem(),
        rsa.keyPem(),
        "KEY_FILE: no EC key (expected: the key of the certificate)");
    assertRefused(
        ec.certificatePem(),
        TestCertificate.make("EC", directory).keyPem(),
        "KEY_FILE: another certificate's key (expected: the key of the certificate)");
    assertRefused(
        ec.certificatePem(),
        ec.keyPem().replace("PRIVATE", "ENCRYPTED PRIVATE"),
        "KEY_FILE: encrypted key (expected: a key without a password)");
    assertRefused(
        rsa.certificatePem(),
        """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED

        AAAA
        -----END RSA PRIVATE KEY-----
        """,
        "KEY_FILE: encrypted RSA PRIVATE KEY (expected: a key without a password)");
  }

  @Test
  void saysThatAFileIsMissing() {
    TlsSettings missing =
        new TlsSettings(0, directory.resolve("none.pem"), directory.resolve("none.key"));

    assertThatThrownBy(() -> TlsIdentity.load(missing))
        .hasMessage(missing.certificate() + ": not there (expected: a PEM file)");
  }
}
