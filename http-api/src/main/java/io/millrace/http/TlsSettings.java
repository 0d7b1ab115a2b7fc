package io.millrace.http;

import java.nio.file.Path;

/**
 * The listener for HTTP/2 and HTTP/1.1 over TLS, on the same address as the plain one.
 *
 * @param port TCP port; 0 picks a free one
 * @param certificate PEM file: the server's certificate, then those that lead to its issuer
 * @param key PEM file: the certificate's private key, not encrypted
 */
public record TlsSettings(int port, Path certificate, Path key) {

  public TlsSettings {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("tls.port: " + port + " (expected: 0 to 65535)");
    }
  }
}
