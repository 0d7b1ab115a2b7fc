package io.millrace.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate for localhost and 127.0.0.1, made by the JDK's keytool. */
record TestCertificate(X509Certificate certificate, byte[] pkcs8) {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final int SEQUENCE_HEADER = 4;

  /**
   * @param algorithm RSA or EC
   * @param directory takes the key store
   */
  static TestCertificate make(String algorithm, Path directory) {
    try {
      Path file = Files.createTempDirectory(directory, "keys").resolve("keys.p12");
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("-genkeypair", "-alias", "node", "-keyalg", algorithm));
      arguments.addAll(List.of("-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1"));
      arguments.addAll(List.of("-validity", "2", "-storetype", "PKCS12"));
      arguments.addAll(List.of("-storepass", new String(PASSWORD), "-keystore", file.toString()));
      keytool(arguments);
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, PASSWORD);
      }
      return new TestCertificate(
          (X509Certificate) store.getCertificate("node"),
          store.getKey("node", PASSWORD).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(List<String> arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    builder.command().addAll(arguments);
    Process process = builder.inheritIO().start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String keyPem() {
    return pem("PRIVATE KEY", pkcs8);
  }

  /** The older form: what is inside the OCTET STRING at the end of PKCS #8. */
  String oldKeyPem() {
    String algorithm = certificate.getPublicKey().getAlgorithm();
    int length = algorithm.equals("RSA") ? longLength(pkcs8, pkcs8.length) : 0;
    byte[] inner =
        length > 0
            ? Arrays.copyOfRange(pkcs8, pkcs8.length - length, pkcs8.length)
            : ecInner(pkcs8);
    return pem(algorithm + " PRIVATE KEY", inner);
  }

  /**
   * RSA: SEQUENCE (82 len), INTEGER 0 (3 bytes), AlgorithmIdentifier (15), OCTET STRING (82 len).
   */
  private static int longLength(byte[] der, int total) {
    int header = SEQUENCE_HEADER + 3 + 15 + SEQUENCE_HEADER;
    return der[0] == 0x30 ? total - header : 0;
  }

  /** EC: the inner SEQUENCE begins after the OCTET STRING's header, at the next 30 xx 02 01 01. */
  private static byte[] ecInner(byte[] der) {
    for (int i = 0; i + 4 < der.length; i++) {
      boolean begins =
          der[i] == 0x30 && der[i + 2] == 0x02 && der[i + 3] == 0x01 && der[i + 4] == 0x01;
      if (begins) {
        return Arrays.copyOfRange(der, i, der.length);
      }
    }
    throw new IllegalStateException("no EC key");
  }

  private static String pem(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  /** A client's side that trusts nobody else. */
  SSLContext trusting() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, PASSWORD);
      trusted.setCertificateEntry("node", certificate);
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  TlsSettings write(Path directory) {
    Path certificateFile = directory.resolve("fullchain.pem");
    Path keyFile = directory.resolve("privkey.pem");
    try {
      Files.writeString(certificateFile, certificatePem());
      Files.writeString(keyFile, keyPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TlsSettings(0, certificateFile, keyFile);
  }
}
