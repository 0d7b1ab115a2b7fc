package io.millrace.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStateStoreTest extends DurableStateContract {
  private static ActorTestKit testKit;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    testKit = ActorTestKit.create(ConfigFactory.parseString("pekko.actor.provider = local"));
  }

  @AfterAll
  static void stop() {
    testKit.shutdownTestKit();
  }

  @Override
  protected DurableStateUpdateStore<Object> writer() {
    var config =
        ConfigFactory.parseMap(
            Map.of(
                "directory",
                directory.toString(),
                "fsync",
                true,
                "dispatcher",
                "pekko.actor.default-blocking-io-dispatcher"));
    var system = (ExtendedActorSystem) testKit.system().classicSystem();
    return (DurableStateUpdateStore<Object>)
        new FileStateStore(system, config, "test").javadslDurableStateStore();
  }

  @Override
  protected void loseEverything() throws IOException {
    new DurableFiles(false).deleteTree(DataDirectory.state(directory));
  }

  @Override
  protected void keepCopy(String persistenceId) throws IOException {
    Files.copy(file(persistenceId), copy(persistenceId));
  }

  @Override
  protected void bringBackCopy(String persistenceId) throws IOException {
    Files.copy(copy(persistenceId), file(persistenceId), StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  protected Class<? extends Throwable> stale() {
    return StaleRevisionException.class;
  }

  private Path file(String persistenceId) {
    return DataDirectory.state(directory).resolve(persistenceId + ".state");
  }

  private Path copy(String persistenceId) {
    return directory.resolve(persistenceId + ".copy");
  }

  @Test
  void setsADamagedFileAsideAndGoesOnWithAHigherRevision() throws Exception {
    await(writer().upsertObject("g", 1, "one", ""));
    byte[] damaged = damage("g");
    var found = await(writer().getObject("g"));
    assertThat(found.value()).isEmpty();
    assertThat(found.revision()).isGreaterThan(1);
    assertThat(file("g").resolveSibling("g.state.damaged")).hasBinaryContent(damaged);

    DurableStateUpdateStore<Object> next = writer();
    long revision = await(next.getObject("g")).revision();
    assertThat(revision).isEqualTo(found.revision());
    await(next.upsertObject("g", revision + 1, "two", ""));
    assertThat(await(writer().getObject("g")).value()).contains("two");
  }

  @Test
  void writesARecordThatWasDamagedMeanwhileAgain() throws Exception {
    DurableStateUpdateStore<Object> writer = writer();
    await(writer.upsertObject("i", 1, "one", ""));
    damage("i");
    await(writer.upsertObject("i", 2, "two", ""));
    assertThat(await(writer().getObject("i")).value()).contains("two");
  }

  private byte[] damage(String persistenceId) throws IOException {
    byte[] bytes = Files.readAllBytes(file(persistenceId));
    bytes[bytes.length / 2] ^= 1;
    Files.write(file(persistenceId), bytes);
    return bytes;
  }

  @Test
  void leavesNoTemporaryFileBehind() throws Exception {
    await(writer().upsertObject("h", 1, "one", ""));
    assertThat(onlyFile()).hasFileName("h.state");
  }

  @Test
  void refusesASecondProcessInTheSameDirectory() throws Exception {
    DataDirectory first = DataDirectory.open(directory);
    assertThatThrownBy(() -> DataDirectory.open(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use");
    first.close();
    DataDirectory.open(directory).close();
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(DataDirectory.state(directory))) {
      var all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }
}
