package io.millrace.node.edge;

import static io.millrace.node.edge.LowLatencySamples.PARTS;
import static io.millrace.node.edge.LowLatencySamples.ended;
import static io.millrace.node.edge.LowLatencySamples.inFlight;
import static io.millrace.node.edge.LowLatencySamples.part;
import static io.millrace.node.edge.LowLatencySamples.whole;
import static io.millrace.node.edge.LowLatencySamples.withdrawn;
import static io.millrace.node.edge.LowLatencySamples.withoutParts;
import static io.millrace.node.edge.PushSamples.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.MediaObject;
import io.millrace.http.Playlist;
import io.millrace.http.ReloadAnswer;
import io.millrace.http.ReloadAnswer.Outcome;
import io.millrace.media.store.SegmentStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that wait for a version of a playlist, or for a part. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BlockingReloadTest {
  private final EdgeObjects objects = new EdgeObjects(noStore(), 1 << 20);
  private final ParkingLot lot =
      new ParkingLot(EdgeSettingsSamples.of(Duration.ofSeconds(20), 1, 3));
  private final EdgeStream stream = new EdgeStream("cam", objects, lot, true, () -> false);

  private static SegmentStore noStore() {
    return (SegmentStore)
        Proxy.newProxyInstance(
            SegmentStore.class.getClassLoader(),
            new Class<?>[] {SegmentStore.class},
            (proxy, method, args) -> {
              throw new AssertionError("parts are never stored");
            });
  }

  private CompletableFuture<ReloadAnswer> reload(long msn, int part) {
    return stream.reload("source", msn, part).toCompletableFuture();
  }

  private Outcome outcome(long msn, int part) {
    CompletableFuture<ReloadAnswer> answer = reload(msn, part);
    return answer.isDone() ? answer.join().outcome() : null;
  }

  private CompletableFuture<Optional<MediaObject>> object(String name) {
    return stream.object("source", name).toCompletableFuture();
  }

  private void put(String name) {
    objects.put(new ObjectKey("cam", "source", name), new byte[] {1, 2});
  }

  @ParameterizedTest
  @CsvSource({
    // 10.3 is the newest part: what is there
    "9, -1, REACHED",
    "9, 7, REACHED",
    "9, 8, REACHED",
    "0, 5, REACHED",
    "10, 0, REACHED",
    "10, 3, REACHED",
    // what is not yet
    "10, -1,",
    "10, 4,",
    "10, 9,",
    "11, -1,",
    "11, 0,",
    "11, 5,",
    // 9 is the last whole segment; 3 s are 6 parts
    "12, -1, TOO_FAR",
    "10, 10, TOO_FAR",
    "11, 6, TOO_FAR",
    "999999999999999999, -1, TOO_FAR"
  })
  void waitsOnlyForWhatComesNext(long msn, int part, Outcome expected) {
    stream.publishOwned(inFlight(1, 1, 10, 3));
    assertThat(outcome(msn, part)).isEqualTo(expected);
  }

  @Test
  void takesAPartBehindTheLastOneOfItsSegmentForTheNextSegment() {
    stream.publishOwned(whole(1, 1, 10));
    assertThat(outcome(10, PARTS - 1)).isEqualTo(Outcome.REACHED);
    assertThat(outcome(10, PARTS + 6)).isEqualTo(Outcome.TOO_FAR);
    CompletableFuture<ReloadAnswer> behind = reload(10, PARTS);
    assertThat(behind).isNotDone();
    stream.publishOwned(inFlight(1, 2, 11, 0));
    assertThat(behind.join().outcome()).isEqualTo(Outcome.REACHED);
  }

  @Test
  void takesASegmentThatComesWholeAfterItsPartsWereWithdrawnForAllOfThem() {
    stream.publishOwned(inFlight(1, 1, 10, 3));
    CompletableFuture<ReloadAnswer> next = reload(10, 4);
    stream.publishOwned(withdrawn(whole(1, 2, 10)));
    assertThat(next).isDone();
    assertThat(outcome(10, PARTS)).isEqualTo(Outcome.REACHED);
    assertThat(outcome(11, 0)).isNull();
  }

  @Test
  void answersAllWhoWaitWithTheVersionThatReachesWhatTheyAskFor() {
    stream.publishOwned(inFlight(1, 1, 10, 3));
    CompletableFuture<ReloadAnswer> first = reload(10, 4);
    CompletableFuture<ReloadAnswer> second = reload(10, 4);
    CompletableFuture<ReloadAnswer> wholeSegment = reload(10, -1);
    assertThat(lot.parked()).isEqualTo(3);
    stream.publishOwned(inFlight(1, 2, 10, 4));
    assertThat(first.join().playlist().plain()).asString().isEqualTo("1/2");
    assertThat(second.join().playlist()).isSameAs(first.join().playlist());
    assertThat(wholeSegment).isNotDone();
    stream.publishOwned(inFlight(1, 3, 10, 7));
    assertThat(wholeSegment).isNotDone();
    stream.publishOwned(whole(1, 4, 10));
    assertThat(wholeSegment.join().outcome()).isEqualTo(Outcome.REACHED);
    assertThat(lot.parked()).isZero();
  }

  @Test
  void refusesMoreThanMayWait() {
    stream.publishOwned(inFlight(1, 1, 10, 3));
    for (int i = 0; i < 3; i++) {
      assertThat(outcome(10, 4)).isNull();
    }
    assertThat(outcome(10, 4)).isEqualTo(Outcome.OVERLOADED);
    assertThat(object(part(1, 10, 4))).isCompletedExceptionally();
    stream.publishOwned(inFlight(1, 2, 10, 4));
    assertThat(outcome(10, 5)).isNull();
  }

  @Test
  void answersAtTheEndOfTheStream() {
    stream.publishOwned(inFlight(1, 1, 10, 3));
    CompletableFuture<ReloadAnswer> waiting = reload(11, 0);
    stream.publishOwned(ended(1, 2, 10));
    assertThat(waiting.join().outcome()).isEqualTo(Outcome.REACHED);
    assertThat(waiting.join().playlist().ended()).isTrue();
    assertThat(outcome(99, 0)).isEqualTo(Outcome.REACHED);
  }

  @Test
  void knowsNoOtherRenditionAndNoStreamThatIsGone() {
    stream.publishOwned(inFlight(1, 1, 10, 3));
    assertThat(stream.reload("1080p", 10, 4).toCompletableFuture().join().outcome())
        .isEqualTo(Outcome.UNKNOWN);
    CompletableFuture<ReloadAnswer> waiting = reload(10, 4);
    CompletableFuture<Optional<MediaObject>> hinted = object(part(1, 10, 4));
    stream.close();
    assertThat(waiting.join().outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(hinted.join()).isEmpty();
  }

  @Test
  void outlivesTheOwnerAndWaitsForTheWholeSegmentThatItsSuccessorMakesWithoutParts() {
    stream.publish(inFlight(1, 1, 10, 5), SOURCE, 0);
    CompletableFuture<ReloadAnswer> next = reload(10, 6);
    stream.publish(withoutParts(inFlight(2, 1, 10, -1)), SOURCE, 1);
    assertThat(next).isNotDone();
    assertThat(outcome(10, 10)).as("asked by a player that saw 10.5").isNull();
    stream.publish(withoutParts(whole(2, 2, 10)), SOURCE, 2);
    assertThat(next.join().outcome()).isEqualTo(Outcome.REACHED);
    assertThat(next.join().playlist().plain()).asString().isEqualTo("2/2");
  }

  @ParameterizedTest
  @CsvSource({
    // the segment in flight may have been seen whole, 3 s are 6 parts more
    "10, 13,",
    "10, 14, TOO_FAR",
    "11, 5,",
    "11, 6, TOO_FAR",
    "12, -1, TOO_FAR"
  })
  void waitsForAnyPartThatAPlayerMayHaveSeenOfTheSegmentThatComesWhole(
      long msn, int part, Outcome expected) {
    stream.publish(withoutParts(whole(2, 1, 9)), SOURCE, 0);
    assertThat(outcome(msn, part)).isEqualTo(expected);
  }

  @Test
  void answersWithWhatThereIsWhenTheStreamStandsStill() {
    EdgeStream standing = new EdgeStream("cam", objects, lot, true, () -> false);
    standing.publishOwned(standingStill(1));
    CompletableFuture<ReloadAnswer> waiting =
        standing.reload("source", 10, 4).toCompletableFuture();
    long asked = System.nanoTime();
    assertThat(waiting.join().outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(waiting.join().playlist()).isNotNull();
    assertThat(Duration.ofNanos(System.nanoTime() - asked))
        .isBetween(Duration.ofMillis(1400), Duration.ofMillis(2900));
    assertThat(lot.parked()).isZero();
  }

  /** With a target duration of 1 s. */
  private static StreamSnapshot standingStill(long version) {
    StreamSnapshot s = inFlight(1, version, 10, 3);
    Playlist p = s.media().get("source");
    Playlist quick =
        new Playlist(p.plain(), p.gzip(), p.etag(), false, 1, p.position(), p.delta(), 500);
    return new StreamSnapshot(
        "cam",
        s.epoch(),
        version,
        s.multivariant(),
        Map.of("source", quick),
        s.objects(),
        s.nextMsn(),
        s.hints());
  }

  // --- parts ------------------------------------------------------------------------------------

  @Test
  void sendsTheHintedPartWhenItIsWholeAndKnowsNoOther() {
    stream.publishOwned(inFlight(1, 1, 10, 3));
    CompletableFuture<Optional<MediaObject>> hinted = object(part(1, 10, 4));
    assertThat(stream.awaits("source", part(1, 10, 4))).isTrue();
    assertThat(hinted).isNotDone();
    assertThat(object(part(1, 10, 5)).join()).isEmpty();
    assertThat(object(part(2, 10, 4)).join()).isEmpty();
    put(part(1, 10, 4));
    stream.publishOwned(inFlight(1, 2, 10, 4));
    assertThat(hinted.join()).isPresent();
    assertThat(object(part(1, 10, 4)).join()).isPresent();
  }

  @Test
  void knowsNothingOfAHintedPartThatDoesNotCome() {
    stream.publishOwned(inFlight(1, 1, 10, 7));
    CompletableFuture<Optional<MediaObject>> hinted = object(part(1, 10, 8));
    stream.publishOwned(whole(1, 2, 10));
    assertThat(hinted.join()).isEmpty();
  }

  @Test
  void forgetsTheHintOfAFormerOwnerButServesItsPartsFromMemory() {
    put(part(1, 10, 5));
    stream.publish(inFlight(1, 1, 10, 5), SOURCE, 0);
    CompletableFuture<Optional<MediaObject>> hinted = object(part(1, 10, 6));
    assertThat(hinted).isNotDone();
    stream.publish(withoutParts(inFlight(2, 1, 10, -1)), SOURCE, 1);
    assertThat(hinted.join()).isEmpty();
    assertThat(object(part(1, 10, 6)).join()).isEmpty();
    assertThat(object(part(1, 10, 5)).join()).isPresent();
    assertThat(object(part(1, 10, 4)).join()).as("never was in memory").isEmpty();
    assertThat(stream.keeps("source", part(1, 10, 5))).isTrue();
    assertThat(stream.keeps("source", "1-9.m4s")).isFalse();
  }

  @Test
  void fetchesAHintedPartOfAnotherNodeOnceWhenItIsListed() {
    Queue<String> fetched = new ConcurrentLinkedQueue<>();
    objects.readFrom(
        (owner, streamId, rendition, name) -> {
          fetched.add(name);
          return CompletableFuture.completedFuture(Optional.of(new byte[] {7}));
        });
    stream.publish(inFlight(1, 1, 10, 3), SOURCE, 0);
    CompletableFuture<Optional<MediaObject>> first = object(part(1, 10, 4));
    CompletableFuture<Optional<MediaObject>> second = object(part(1, 10, 4));
    CompletableFuture<Optional<MediaObject>> ahead = object(part(1, 10, 5));
    assertThat(fetched).isEmpty();
    stream.publish(inFlight(1, 2, 10, 4), SOURCE, 0);
    assertThat(first.join()).isPresent();
    assertThat(second.join()).isPresent();
    assertThat(ahead).isNotDone();
    assertThat(fetched).containsExactly(part(1, 10, 4));
    assertThat(object(part(1, 12, 4)).join()).isEmpty();
  }
}
