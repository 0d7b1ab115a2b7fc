package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.media.MediaSegment;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.TestKits;
import io.millrace.node.store.FencedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One quality of a stream, with a store that answers when a test says so. */
class TranscoderActorTest {
  private static final Duration RENEWAL = Duration.ofMinutes(1);
  private static final Duration DOUBT = Duration.ofSeconds(2);

  /** Of three segments. */
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  /** Of nine segments. */
  private static final int MAX_WAITING_BYTES = 27;

  @TempDir Path data;

  private final Store store = new Store();
  private final WaitingBytes waiting = new WaitingBytes(MAX_WAITING_BYTES);
  private final List<String> reported = new CopyOnWriteArrayList<>();
  private ActorTestKit testKit;
  private ManualTime time;
  private TestProbe<Void> probe;
  private ActorRef<TranscoderActor.Command> transcoder;

  @BeforeEach
  void start() {
    testKit = TestKits.manualTime(data);
    time = ManualTime.get(testKit.system());
    probe = testKit.createTestProbe();
    transcoder =
        testKit.spawn(
            TranscoderActor.create(
                new TranscoderActor.Place(
                    "cam", 1, "source", store, DOUBT, PATIENCE, waiting, new Reported()),
                new SimpleMeterRegistry()));
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  private void make(long msn) {
    transcoder.tell(new TranscoderActor.StoreSegment(StreamSamples.segment(1, msn)));
  }

  private void makeInit(String name) {
    transcoder.tell(new TranscoderActor.StoreInit(name, new byte[] {9}));
  }

  @Test
  void storesTheNewestInitSegmentAgainAsOftenAsTheStoreWantsIt() throws InterruptedException {
    makeInit("init-a.mp4");
    store.next("init-a.mp4").complete(null);
    makeInit("init-b.mp4");
    store.next("init-b.mp4").complete(null);
    make(0);
    store.next("1-0.m4s").complete(null);
    for (int i = 0; i < 3; i++) {
      time.timePasses(RENEWAL);
      store.next("init-b.mp4").complete(null);
    }
    store.expectNone();
    assertThat(reported).containsExactly("stored 0");
  }

  @Test
  void doesNotPileUpInitSegmentsThatCannotBeStored() throws InterruptedException {
    makeInit("init-a.mp4");
    CompletableFuture<Void> hanging = store.next("init-a.mp4");
    time.timePasses(RENEWAL.multipliedBy(3));
    hanging.complete(null);
    make(0);
    store.next("1-0.m4s").complete(null);
    store.expectNone();
  }

  private void awaitReported(String... expected) {
    probe.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          assertThat(reported).containsExactly(expected);
          return null;
        });
  }

  @Test
  void reportsWhatWaitsAfterTheTimeOfDoubtAlsoWhenTheFirstWriteHangs() throws InterruptedException {
    make(0);
    CompletableFuture<Void> hanging = store.next("1-0.m4s");
    make(1);
    time.timePasses(DOUBT.minusMillis(1));
    assertThat(reported).isEmpty();
    time.timePasses(Duration.ofMillis(1));
    awaitReported("waiting 0", "waiting 1");
    make(2);
    awaitReported("waiting 0", "waiting 1", "waiting 2");

    hanging.complete(null);
    store.next("1-1.m4s").complete(null);
    store.next("1-2.m4s").complete(null);
    make(3);
    store.next("1-3.m4s").complete(null);
    time.timePasses(DOUBT);
    awaitReported(
        "waiting 0", "waiting 1", "waiting 2", "stored 0", "stored 1", "stored 2", "stored 3");
  }

  @Test
  void doesNotDoubtAStoreThatFailsOnce() throws InterruptedException {
    make(0);
    store.next("1-0.m4s").completeExceptionally(new IOException("no answer"));
    time.timePasses(Duration.ofMillis(100));
    store.next("1-0.m4s").complete(null);
    time.timePasses(DOUBT);
    awaitReported("stored 0");
  }

  @Test
  void givesUpWhatHasLeftEveryPlaylistWhileTheStoreHangs() throws InterruptedException {
    makeInit("init-a.mp4");
    store.next("init-a.mp4").complete(null);
    for (int msn = 0; msn < 5; msn++) {
      make(msn);
    }
    CompletableFuture<Void> hanging = store.next("1-0.m4s");
    awaitReported("stored 0", "stored 1");
    assertThat(waiting.bytes()).isEqualTo(9);

    hanging.completeExceptionally(new IOException("no answer"));
    make(5);
    awaitReported("stored 0", "stored 1", "stored 2");
    time.timePasses(Duration.ofMillis(100));
    store.next("1-3.m4s").complete(null);
    store.next("1-4.m4s").complete(null);
    store.next("1-5.m4s").complete(null);
    awaitReported("stored 0", "stored 1", "stored 2", "stored 3", "stored 4", "stored 5");
    assertThat(waiting.bytes()).isZero();
  }

  @Test
  void givesUpItsOldestWhenTheNodeHasTooMuchWaitingButNotTheInitSegment()
      throws InterruptedException {
    waiting.add(MAX_WAITING_BYTES - 7);
    makeInit("init-a.mp4");
    CompletableFuture<Void> hanging = store.next("init-a.mp4");
    make(0);
    make(1);
    make(2);
    awaitReported("stored 0");
    hanging.completeExceptionally(new IOException("no answer"));
    time.timePasses(Duration.ofMillis(100));
    store.next("init-a.mp4").complete(null);
    store.next("1-1.m4s").complete(null);
    store.next("1-2.m4s").complete(null);
    awaitReported("stored 0", "stored 1", "stored 2");
    assertThat(waiting.bytes()).isEqualTo(MAX_WAITING_BYTES - 7);
  }

  @Test
  void leavesNothingBehindThatCountsAsWaiting() throws InterruptedException {
    make(0);
    make(1);
    store.next("1-0.m4s").completeExceptionally(new FencedException("epoch: 1"));
    probe.expectTerminated(transcoder, Duration.ofSeconds(10));
    assertThat(waiting.bytes()).isZero();
    assertThat(reported).isEmpty();
  }

  private final class Reported implements TranscoderActor.Reports {
    @Override
    public void stored(long msn) {
      reported.add("stored " + msn);
    }

    @Override
    public void waiting(MediaSegment segment) {
      reported.add("waiting " + segment.ref().msn());
    }
  }

  private record Put(String name, CompletableFuture<Void> done) {}

  /** Its puts are answered one by one, by the test. */
  private final class Store implements SegmentStore {
    private final BlockingQueue<Put> puts = new LinkedBlockingQueue<>();

    CompletableFuture<Void> next(String name) throws InterruptedException {
      Put put = puts.poll(10, TimeUnit.SECONDS);
      assertThat(put).as("a put of %s", name).isNotNull();
      assertThat(put.name()).isEqualTo(name);
      return put.done();
    }

    void expectNone() {
      probe.expectNoMessage(Duration.ofMillis(200));
      assertThat(puts).isEmpty();
    }

    @Override
    public Optional<Duration> renewal() {
      return Optional.of(RENEWAL);
    }

    @Override
    public CompletionStage<Void> put(
        String streamId, long epoch, String rendition, String name, byte[] bytes) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      puts.add(new Put(name, done));
      return done;
    }

    @Override
    public CompletionStage<byte[]> get(String streamId, String rendition, String name) {
      throw new AssertionError("nothing is read");
    }

    @Override
    public CompletionStage<Void> delete(
        String streamId, long epoch, String rendition, List<String> names) {
      throw new AssertionError("nothing is deleted");
    }

    @Override
    public CompletionStage<Void> deleteStream(String streamId, long epoch) {
      throw new AssertionError("nothing is deleted");
    }
  }
}
