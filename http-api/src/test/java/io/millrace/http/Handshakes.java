package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** What a server shows to those who connect anew. */
final class Handshakes {
  private static final Duration SOON = Duration.ofSeconds(20);

  private Handshakes() {}

  /**
   * The certificate that a new connection is shown, without a session to resume; empty if one who
   * trusts only this one is not content with it.
   */
  static Optional<Certificate> served(TestServer server, TestCertificate trusted) {
    int port = server.server().tlsAddress().orElseThrow().getPort();
    try (SSLSocket socket =
        (SSLSocket) trusted.trusting().getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout((int) SOON.toMillis());
      socket.startHandshake();
      return Optional.of(socket.getSession().getPeerCertificates()[0]);
    } catch (SSLException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void awaitServed(TestServer server, TestCertificate expected) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!served(server, expected).equals(Optional.of(expected.certificate()))) {
      assertThat(System.nanoTime()).as("new certificate is in use").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }
}
