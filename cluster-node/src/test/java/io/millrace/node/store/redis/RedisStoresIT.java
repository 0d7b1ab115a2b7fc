package io.millrace.node.store.redis;

import static io.millrace.node.store.DurableStateContract.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.store.SegmentStore;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.placement.StreamDescription;
import io.millrace.node.placement.StreamDirectory;
import io.millrace.node.store.FencedException;
import io.millrace.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directory and segments of a cluster, on a real Redis. */
class RedisStoresIT {
  private static RedisFixture redis;

  private final StreamDirectory directory = redis.stores().directory();
  private final SegmentStore segments = redis.stores().segments();

  @BeforeAll
  static void start(@TempDir Path directory) {
    redis = RedisFixture.start(directory);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @AfterEach
  void empty() {
    redis.probe().command("FLUSHALL");
  }

  private static DirectoryEntry entry(String status, String owner, long epoch) {
    return new DirectoryEntry("cam", 7, status, owner, epoch, 1_700_000_000_000L);
  }

  @Test
  void letsTheFirstPlacementWin() throws Exception {
    DirectoryEntry first = new DirectoryEntry("cam", 7, "STARTING", "", 0, 0);
    DirectoryEntry second = new DirectoryEntry("cam", 9, "STARTING", "", 0, 0);
    assertThat(await(directory.putIfAbsent(first))).isEqualTo(first);
    assertThat(await(redis.stores().directory().putIfAbsent(second))).isEqualTo(first);
    assertThat(await(directory.all())).containsExactly(first);
  }

  @Test
  void showsALiveStreamToPeopleAndKeepsItAfterTheEnd() throws Exception {
    await(directory.update(entry("LIVE", "n1", 3)));
    assertThat(redis.probe().hash("millrace:{cam}:info"))
        .containsEntry("status", "LIVE")
        .containsEntry("owner", "n1")
        .containsEntry("epoch", "3")
        .containsEntry("slot", "7")
        .containsEntry("startedAt", "2023-11-14T22:13:20Z");
    assertThat(redis.probe().command("SMEMBERS", "millrace:live")).isEqualTo(List.of("cam"));
    await(directory.remove("cam", 3));
    assertThat(redis.probe().hash("millrace:{cam}:info"))
        .containsEntry("status", "ENDED")
        .containsEntry("owner", "n1");
    assertThat((Long) redis.probe().command("PTTL", "millrace:{cam}:info")).isPositive();
    assertThat(await(redis.stores().directory().get("cam"))).isEmpty();
    assertThat(await(directory.all())).isEmpty();
    assertThat(redis.probe().command("SMEMBERS", "millrace:live")).isEqualTo(List.of());
  }

  @Test
  void showsViewersAndQualitiesAndComesBackAfterALoss() throws Exception {
    await(directory.update(entry("LIVE", "n1", 3)));
    redis.probe().command("FLUSHALL");
    StreamDescription description =
        new StreamDescription("cam", 3, 12, List.of("source", "480p", "audio"));
    await(directory.describe(description));
    assertThat(redis.probe().hash("millrace:{cam}:info"))
        .containsEntry("status", "LIVE")
        .containsEntry("viewers", "12")
        .containsEntry("qualities", "source,480p,audio");
    assertThat(await(redis.stores().directory().all())).containsExactly(entry("LIVE", "n1", 3));
  }

  @Test
  void writesAnEntryAgainThatWasLost() throws Exception {
    RedisStreamDirectory owner = (RedisStreamDirectory) directory;
    await(owner.update(entry("LIVE", "n1", 3)));
    redis.probe().command("FLUSHALL");
    await(owner.restore("cam"));
    await(owner.restore("another"));
    assertThat(await(redis.stores().directory().all())).containsExactly(entry("LIVE", "n1", 3));
  }

  @Test
  void describesNothingThatAnotherNodeOwnsNow() throws Exception {
    await(directory.update(entry("LIVE", "old", 3)));
    await(redis.stores().directory().update(entry("LIVE", "new", 4)));
    await(directory.describe(new StreamDescription("cam", 3, 12, List.of("source"))));
    assertThat(redis.probe().hash("millrace:{cam}:info"))
        .containsEntry("owner", "new")
        .doesNotContainKey("viewers");
  }

  @Test
  void startsAForgottenStreamAnewWithALowerEpoch() throws Exception {
    await(directory.update(entry("LIVE", "n1", 3)));
    await(segments.put("cam", 3, "source", "3-0.m4s", new byte[] {1}));
    await(segments.deleteStream("cam", 3));
    await(directory.remove("cam", 3));
    DirectoryEntry again = new DirectoryEntry("cam", 9, "STARTING", "", 0, 0);
    assertThat(await(directory.putIfAbsent(again))).isEqualTo(again);
    await(directory.update(entry("LIVE", "n2", 1)));
    await(segments.put("cam", 1, "source", "1-0.m4s", new byte[] {1}));
    assertThat(await(redis.stores().directory().get("cam"))).contains(entry("LIVE", "n2", 1));
  }

  @Test
  void ignoresAnOldOwnersEntry() throws Exception {
    await(directory.update(entry("LIVE", "new", 4)));
    await(redis.stores().directory().update(entry("ENDED", "old", 3)));
    await(redis.stores().directory().remove("cam", 3));
    assertThat(await(redis.stores().directory().get("cam"))).contains(entry("LIVE", "new", 4));
  }

  @Test
  void keepsSegmentsForAnyNodeAndRefusesAnOldOwner() throws Exception {
    await(segments.put("cam", 2, "source", "2-0.m4s", new byte[] {1, 2}));
    assertThat(await(redis.stores().segments().get("cam", "source", "2-0.m4s")))
        .containsExactly(1, 2);
    assertThatThrownBy(() -> await(segments.put("cam", 1, "source", "1-0.m4s", new byte[1])))
        .matches(FencedException::isCauseOf);
    assertThatThrownBy(() -> await(segments.delete("cam", 1, "source", List.of("2-0.m4s"))))
        .matches(FencedException::isCauseOf);
    assertThat(await(segments.get("cam", "source", "2-0.m4s"))).hasSize(2);
    assertThat((Long) redis.probe().command("PTTL", "millrace:{cam}:object:source:2-0.m4s"))
        .isBetween(1L, Duration.ofMinutes(10).toMillis());
  }

  @Test
  void leavesNothingOfADeletedStream() throws Exception {
    await(segments.put("cam", 2, "source", "init-1.mp4", new byte[1]));
    await(segments.put("cam", 2, "480p", "2-0.m4s", new byte[1]));
    await(segments.delete("cam", 2, "480p", List.of("2-0.m4s")));
    await(segments.deleteStream("cam", 2));
    assertThat(redis.probe().keys("*")).isEmpty();
  }

  @Test
  void readsNothingByANameThatCannotBe() throws Exception {
    assertThat(await(segments.get("cam", "source", "../x"))).isNull();
    assertThat(await(segments.get("a}b", "source", "x"))).isNull();
  }

  @Test
  void comesBackByItselfWhenRedisDoes() throws Exception {
    await(directory.update(entry("LIVE", "n1", 3)));
    redis.server().kill();
    assertThatThrownBy(() -> await(segments.put("cam", 3, "source", "3-0.m4s", new byte[1])))
        .hasRootCauseInstanceOf(Exception.class);
    redis.restartEmpty();
    Await.until(
        "a write succeeds",
        Duration.ofSeconds(10),
        () -> {
          await(directory.update(entry("LIVE", "n1", 3)));
          return true;
        });
    assertThat(redis.probe().hash("millrace:{cam}:info")).containsEntry("status", "LIVE");
  }
}
