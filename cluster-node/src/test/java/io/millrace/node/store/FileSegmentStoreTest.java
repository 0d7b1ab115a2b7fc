package io.millrace.node.store;

import static io.millrace.node.store.DurableStateContract.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSegmentStoreTest {
  @TempDir Path directory;

  private FileSegmentStore store() {
    return new FileSegmentStore(new StoreSettings(directory, false), ForkJoinPool.commonPool());
  }

  @Test
  void givesBackObjectsAfterARestart() throws Exception {
    await(store().put("a", 1, "source", "1-0.m4s", new byte[] {1, 2}));
    assertThat(await(store().get("a", "source", "1-0.m4s"))).containsExactly(1, 2);
  }

  @Test
  void replacesWhatACrashLeftOfAnObject() throws Exception {
    FileSegmentStore store = store();
    byte[] whole = new byte[600_000];
    whole[599_999] = 7;
    await(store.put("a", 1, "source", "init-1.mp4", new byte[3]));
    await(store.put("a", 2, "source", "init-1.mp4", whole));
    assertThat(await(store.get("a", "source", "init-1.mp4"))).isEqualTo(whole);
  }

  @Test
  void deletesByNameAndByStream() throws Exception {
    FileSegmentStore store = store();
    await(store.put("a", 1, "source", "1-0.m4s", new byte[1]));
    await(store.put("a", 1, "source", "1-1.m4s", new byte[1]));
    await(store.delete("a", 1, "source", List.of("1-0.m4s", "1-9.m4s")));
    assertThat(await(store.get("a", "source", "1-0.m4s"))).isNull();
    assertThat(await(store.get("a", "source", "1-1.m4s"))).hasSize(1);
    await(store.deleteStream("a", 1));
    assertThat(await(store.get("a", "source", "1-1.m4s"))).isNull();
  }

  @Test
  void neverLeavesItsDirectory() throws Exception {
    for (String name : List.of("../x", "..", ".hidden", "a/b", "", "a\u0000b", "%2e%2e")) {
      assertThat(await(store().get("a", "source", name))).as(name).isNull();
      assertThatThrownBy(() -> await(store().put("a", 1, "source", name, new byte[1])))
          .as(name)
          .hasCauseInstanceOf(IllegalArgumentException.class);
    }
  }
}
