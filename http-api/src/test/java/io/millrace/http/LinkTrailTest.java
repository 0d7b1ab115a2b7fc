package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkTrailTest {

  @TempDir Path temporary;
  private Path root;

  @BeforeEach
  void findRoot() throws IOException {
    root = temporary.toRealPath();
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  private Path link(String name, String target) throws IOException {
    return Files.createSymbolicLink(root.resolve(name), Path.of(target));
  }

  @Test
  void isTheDirectoryOfAPlainFile() throws IOException {
    assertThat(LinkTrail.directories(root.resolve("a.pem"))).containsExactly(root);
  }

  @Test
  void holdsEveryLinkOnTheWay() throws IOException {
    Path versions = directory("secret/..v1");
    Path etc = directory("etc");
    link("secret/..data", "..v1");
    link("secret/tls.crt", "..data/tls.crt");
    link("etc/current", "../secret");
    link("etc/tls.crt", "current/./tls.crt");

    assertThat(LinkTrail.directories(etc.resolve("tls.crt")))
        .containsExactlyInAnyOrder(etc, root.resolve("secret"), versions);
  }

  @Test
  void followsAbsoluteLinks() throws IOException {
    Path archive = directory("archive");
    Path live = directory("live");
    link("live/a.pem", archive.resolve("a1.pem").toString());

    assertThat(LinkTrail.directories(live.resolve("a.pem")))
        .containsExactlyInAnyOrder(live, archive);
  }

  @Test
  void waitsAboveWhatDoesNotExist() throws IOException {
    link("..data", "..v1");

    assertThat(LinkTrail.directories(root.resolve("..data/tls.crt"))).containsExactly(root);
    assertThat(LinkTrail.directories(root.resolve("none/deep/tls.crt"))).containsExactly(root);
  }

  @Test
  void endsWhereLinksLeadToEachOther() throws IOException {
    link("a", "b");
    link("b", "a");

    assertThatThrownBy(() -> LinkTrail.directories(root.resolve("a")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("links");
  }
}
