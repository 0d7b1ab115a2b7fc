package io.millrace.node.edge;

import static io.millrace.node.edge.PushSamples.SOURCE;
import static io.millrace.node.edge.PushSamples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.store.SegmentStore;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.edge.EdgeStream.Outcome;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a node shows of a stream while owners come and go. */
class EdgeStreamTest {
  private static final long LIMIT = EdgeStream.CATCH_UP_LIMIT.toNanos();

  private final EdgeObjects objects = new EdgeObjects(emptyStore(), 1 << 20);
  private final ParkingLot lot =
      new ParkingLot(EdgeSettingsSamples.of(Duration.ofSeconds(20), 1, 1));
  private final EdgeStream stream = new EdgeStream("cam", objects, lot, true, () -> false);

  private static SegmentStore emptyStore() {
    return (SegmentStore)
        Proxy.newProxyInstance(
            SegmentStore.class.getClassLoader(),
            new Class<?>[] {SegmentStore.class},
            (proxy, method, args) -> CompletableFuture.completedFuture(null));
  }

  private Outcome push(StreamSnapshot next, long atNanos) {
    return stream.publish(next, SOURCE, atNanos);
  }

  private long shownSegments() {
    return stream.snapshot().nextMsn().get("source");
  }

  @Test
  void showsEveryNewerVersionOfAnOwnerAndNoOlderOne() {
    assertThat(push(snapshot(1, 1, 1, false), 0)).isEqualTo(Outcome.SHOWN);
    assertThat(push(snapshot(1, 3, 3, false), 0)).isEqualTo(Outcome.SHOWN);
    assertThat(push(snapshot(1, 2, 2, false), 0)).isEqualTo(Outcome.OLD);
    assertThat(push(snapshot(1, 3, 3, false), 0)).isEqualTo(Outcome.OLD);
    assertThat(shownSegments()).isEqualTo(3);
  }

  @Test
  void ignoresOwnersOfEarlierEpochs() {
    push(snapshot(5, 1, 3, false), 0);
    assertThat(push(snapshot(4, 99, 9, false), 0)).isEqualTo(Outcome.OLD);
    assertThat(shownSegments()).isEqualTo(3);
  }

  @Test
  void waitsForALaterOwnerToCatchUpWithWhatWasShown() {
    push(snapshot(1, 9, 8, false), 0);
    assertThat(push(snapshot(2, 1, 6, false), 1)).isEqualTo(Outcome.BEHIND);
    assertThat(push(snapshot(2, 2, 7, false), 2)).isEqualTo(Outcome.BEHIND);
    assertThat(shownSegments()).isEqualTo(8);
    assertThat(push(snapshot(2, 3, 8, false), 3)).isEqualTo(Outcome.SHOWN);
    assertThat(stream.snapshot().epoch()).isEqualTo(2);
  }

  @Test
  void takesALaterOwnerThatHasLostThePastAfterAWhile() {
    push(snapshot(1, 9, 8, false), 0);
    assertThat(push(snapshot(2, 1, 0, false), 1)).isEqualTo(Outcome.BEHIND);
    assertThat(push(snapshot(2, 2, 1, false), LIMIT)).isEqualTo(Outcome.BEHIND);
    assertThat(push(snapshot(2, 3, 2, false), LIMIT + 2)).isEqualTo(Outcome.SHOWN);
  }

  @Test
  void showsANewStreamUnderTheNameOfAnEndedOneAtOnce() {
    push(snapshot(1, 9, 8, true), 0);
    assertThat(push(snapshot(2, 1, 0, false), 1)).isEqualTo(Outcome.SHOWN);
  }

  @Test
  void readsObjectsFromTheOwnerThatListsThemAndFromHereWhenItIsHere() {
    CompletableFuture<Endpoint> asked = new CompletableFuture<>();
    objects.readFrom(
        (owner, streamId, rendition, name) -> {
          asked.complete(owner);
          return CompletableFuture.completedFuture(Optional.of(new byte[] {7}));
        });
    push(snapshot(1, 1, 1, false), 0);
    assertThat(stream.object("source", "1-0.m4s").toCompletableFuture().join()).isPresent();
    assertThat(asked).isCompletedWithValue(SOURCE);

    CompletableFuture<Endpoint> again = new CompletableFuture<>();
    objects.readFrom(
        (owner, streamId, rendition, name) -> {
          again.complete(owner);
          return CompletableFuture.completedFuture(Optional.empty());
        });
    stream.publishOwned(snapshot(2, 1, 2, false));
    assertThat(stream.isOwnedHere()).isTrue();
    assertThat(stream.object("source", "2-1.m4s").toCompletableFuture().join()).isEmpty();
    assertThat(again).isNotDone();
  }

  @Test
  void asksForWhatTheNextVersionMayListButNotForAnyName() {
    push(snapshot(3, 1, 5, false), 0);
    StreamSnapshot shown = stream.snapshot();
    assertThat(shown.mayKnowSoon("source", "3-5.m4s")).isTrue();
    assertThat(shown.mayKnowSoon("source", "4-5.m4s")).isTrue();
    assertThat(shown.mayKnowSoon("source", "init-0a1b2c.mp4")).isTrue();
    assertThat(shown.mayKnowSoon("source", "3-4.m4s")).isFalse();
    assertThat(shown.mayKnowSoon("source", "3-9.m4s")).isFalse();
    assertThat(shown.mayKnowSoon("source", "2-5.m4s")).isFalse();
    assertThat(shown.mayKnowSoon("source", "x.m4s")).isFalse();
    assertThat(shown.mayKnowSoon("other", "3-5.m4s")).isFalse();
  }

  @Test
  void isNotOwnedHereAfterItsOwnerHasLeftOrALaterOneIsElsewhere() {
    stream.publishOwned(snapshot(2, 1, 1, false));
    stream.released(1);
    assertThat(stream.isOwnedHere()).isTrue();
    stream.released(2);
    assertThat(stream.isOwnedHere()).isFalse();

    stream.publishOwned(snapshot(3, 1, 1, false));
    push(snapshot(4, 1, 1, false), 0);
    assertThat(stream.isOwnedHere()).isFalse();
    assertThat(stream.publishOwned(snapshot(3, 2, 2, false))).isEqualTo(Outcome.OLD);
    assertThat(stream.isOwnedHere()).isFalse();
  }

  @Test
  void hasHeardItsOwnerUntilTheOwnerLeavesThisNode() {
    stream.publishOwned(snapshot(2, 1, 1, false));
    long left = System.nanoTime();
    stream.released(2);
    assertThat(stream.silence().toNanos()).isLessThanOrEqualTo(System.nanoTime() - left);

    stream.publishOwned(snapshot(3, 1, 1, false));
    left = System.nanoTime();
    push(snapshot(4, 1, 1, false), 0);
    assertThat(stream.silence().toNanos()).isLessThanOrEqualTo(System.nanoTime() - left);
  }

  @Test
  void countsAsIdleUntilAViewerAsks() {
    assertThat(stream.watching().idle()).isGreaterThan(Duration.ofMinutes(1));
    stream.watching().asked();
    assertThat(stream.watching().idle()).isLessThan(Duration.ofMinutes(1));
  }
}
