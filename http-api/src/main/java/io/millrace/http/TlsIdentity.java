package io.millrace.http;

import io.millrace.http.PemFile.Block;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** A certificate with its chain and key, ready for handshakes. Immutable. */
final class TlsIdentity {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final char[] NO_PASSWORD = {};

  private final X509Certificate[] chain;
  private final PrivateKey key;
  private final SSLContext context;

  private TlsIdentity(X509Certificate[] chain, PrivateKey key, SSLContext context) {
    this.chain = chain;
    this.key = key;
    this.context = context;
  }

  /**
   * Reads both files.
   *
   * @throws TlsException naming the file, what is wrong with it, and the rule
   */
  static TlsIdentity load(TlsSettings settings) throws TlsException {
    X509Certificate[] chain = chain(settings.certificate());
    PrivateKey key = PemKey.read(settings.key(), chain[0].getPublicKey());
    try {
      return new TlsIdentity(chain, key, context(chain, key));
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException(settings.certificate(), e.toString(), "a usable certificate");
    }
  }

  private static X509Certificate[] chain(Path file) throws TlsException {
    List<X509Certificate> chain = new ArrayList<>();
    for (Block block : PemFile.read(file)) {
      if (block.label().equals("CERTIFICATE")) {
        chain.add(certificate(file, block.der()));
      }
    }
    if (chain.isEmpty()) {
      throw new TlsException(file, "no CERTIFICATE", "the server's certificate, then its chain");
    }
    return chain.toArray(X509Certificate[]::new);
  }

  private static X509Certificate certificate(Path file, byte[] der) throws TlsException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new TlsException(file, "damaged CERTIFICATE", "X.509 certificates");
    }
  }

  private static SSLContext context(X509Certificate[] chain, PrivateKey key)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("node", key, NO_PASSWORD, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** For one connection; which protocol is spoken inside, ALPN decides later. */
  SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setUseCipherSuitesOrder(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  boolean isSameAs(TlsIdentity other) {
    return Arrays.equals(chain, other.chain) && key.equals(other.key);
  }

  /** For people: whose it is and how long it is valid. */
  @Override
  public String toString() {
    return chain[0].getSubjectX500Principal().getName()
        + ", valid until "
        + chain[0].getNotAfter().toInstant();
  }
}
