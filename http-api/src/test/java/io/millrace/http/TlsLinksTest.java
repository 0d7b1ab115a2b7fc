package io.millrace.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates whose files are links, and are replaced by replacing a link. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsLinksTest {

  @TempDir Path directory;

  private Path fresh(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  /** In one step, as Kubernetes and {@code ln -sfn} with {@code mv -T} do. */
  private static void point(Path link, Path target) throws IOException {
    Path next = link.resolveSibling(link.getFileName() + "_tmp");
    Files.createSymbolicLink(next, target);
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void delete(Path version) throws IOException {
    for (String name : new String[] {"fullchain.pem", "privkey.pem"}) {
      Files.delete(version.resolve(name));
    }
    Files.delete(version);
  }

  private static void link(Path from, Path to) throws IOException {
    for (String name : new String[] {"fullchain.pem", "privkey.pem"}) {
      Files.createSymbolicLink(from.resolve(name), to.resolve(name));
    }
  }

  private static TlsSettings files(Path directory) {
    return new TlsSettings(0, directory.resolve("fullchain.pem"), directory.resolve("privkey.pem"));
  }

  /** {@code tls.crt -> ..data/tls.crt}, {@code ..data -> ..VERSION}; old versions are deleted. */
  @Test
  void aSecretOfKubernetesIsTakenEachTimeItChanges() throws IOException {
    Path mount = fresh("mount");
    link(mount, Path.of("..data"));
    replacesTwice(mount, files(mount));
  }

  @Test
  void linksToASecretThatIsMountedElsewhereAreFollowedEachTime() throws IOException {
    Path mount = fresh("mount");
    link(mount, Path.of("..data"));
    Path etc = fresh("etc");
    link(etc, mount);
    replacesTwice(mount, files(etc));
  }

  @Test
  void aDirectoryThatIsALinkIsFollowedEachTime() throws IOException {
    Path mount = fresh("mount");
    replacesTwice(mount, files(mount.resolve("..data")));
  }

  private void replacesTwice(Path mount, TlsSettings files) throws IOException {
    TestCertificate certificate = TestCertificate.make("EC", directory);
    Path version = fresh("mount/..v0");
    certificate.write(version);
    point(mount.resolve("..data"), version.getFileName());
    try (TestServer server = new TestServer(TlsServerTest.settings(files))) {
      Handshakes.awaitServed(server, certificate);
      for (int i = 1; i <= 2; i++) {
        TestCertificate next = TestCertificate.make("EC", directory);
        Path nextVersion = fresh("mount/..v" + i);
        next.write(nextVersion);
        point(mount.resolve("..data"), nextVersion.getFileName());
        delete(version);
        version = nextVersion;
        Handshakes.awaitServed(server, next);
      }
    }
  }
}
