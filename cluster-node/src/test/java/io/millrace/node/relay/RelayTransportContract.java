package io.millrace.node.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.ingest.PublisherControl;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a relay and an owner may rely on whatever lies between them. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
abstract class RelayTransportContract {
  private static final int BIG = 64 << 10;

  /** Both ends of one way. */
  record Ends(RelayTransport ingest, OwnerLink owner) {}

  /** A way whose queues take about {@code maxFrames} frames each. */
  abstract Ends connect(int maxFrames, RelayTransport.Listener listener) throws Exception;

  static final class Recorder implements RelayTransport.Listener {
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    @Override
    public void opened() {
      calls.add("opened");
    }

    @Override
    public void writable() {
      calls.add("writable");
    }

    @Override
    public void acknowledged(long seq) {
      calls.add("acknowledged " + seq);
    }

    @Override
    public void ended(CloseReason reason, String text) {
      calls.add("ended " + reason + " " + text);
    }

    @Override
    public void lost() {
      calls.add("lost");
    }

    /** The next call that is not "opened". */
    String next() throws InterruptedException {
      String call = nextOfAny();
      return call.equals("opened") ? nextOfAny() : call;
    }

    String nextOfAny() throws InterruptedException {
      String call = calls.poll(10, TimeUnit.SECONDS);
      assertThat(call).as("a call within 10 s").isNotNull();
      return call;
    }

    boolean isNotLostFor(Duration time) throws InterruptedException {
      long end = System.nanoTime() + time.toNanos();
      String call = "";
      while (call != null && !call.equals("lost")) {
        call = calls.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      return call == null;
    }

    /** Whether nothing but "opened" is called for so long. */
    boolean quietFor(long ms) throws InterruptedException {
      String call = calls.poll(ms, TimeUnit.MILLISECONDS);
      return call == null || (call.equals("opened") && quietFor(ms));
    }
  }

  /** Waits for frames at the owner's end by what wakes it. */
  static final class OwnerReader {
    private final OwnerLink link;
    private final BlockingQueue<Boolean> wakeUps = new LinkedBlockingQueue<>();

    OwnerReader(OwnerLink link) {
      this.link = link;
      link.start(() -> wakeUps.add(true));
    }

    RelayFrame next() throws InterruptedException {
      Optional<RelayFrame> frame = link.poll();
      while (frame.isEmpty()) {
        assertThat(wakeUps.poll(10, TimeUnit.SECONDS)).as("woken up within 10 s").isNotNull();
        frame = link.poll();
      }
      return frame.get();
    }

    long nextSeq() throws InterruptedException {
      return ((RelayFrame.Unit) next()).unit().seq();
    }
  }

  final Recorder recorder = new Recorder();

  static RelayFrame unit(long seq) {
    return unit(seq, 10);
  }

  static RelayFrame unit(long seq, int size) {
    return new RelayFrame.Unit(Units.video(seq, seq, seq == 0, size));
  }

  @Test
  void deliversFramesInOrderAsTheyWere() throws Exception {
    Ends ends = connect(10, recorder);
    List<RelayFrame> sent =
        List.of(
            new RelayFrame.DeclaredBitrate(4_000_000),
            new RelayFrame.Unit(Units.videoConfig(0)),
            unit(1, BIG),
            new RelayFrame.Dropped(2, 5),
            unit(6),
            new RelayFrame.End(true));
    sent.forEach(frame -> assertThat(ends.ingest().send(frame)).isTrue());
    OwnerReader owner = new OwnerReader(ends.owner());
    for (RelayFrame frame : sent) {
      assertThat(owner.next()).usingRecursiveComparison().isEqualTo(frame);
    }
  }

  @Test
  void refusesWhenTheOwnerTakesNothingAndSaysWhenThereIsRoomAgain() throws Exception {
    Ends ends = connect(4, recorder);
    int sent = fill(ends);
    OwnerReader owner = new OwnerReader(ends.owner());
    for (int seq = 0; seq < sent; seq++) {
      assertThat(owner.nextSeq()).isEqualTo(seq);
    }
    assertThat(recorder.next()).isEqualTo("writable");
    assertThat(ends.ingest().send(unit(sent))).isTrue();
    assertThat(owner.nextSeq()).isEqualTo(sent);
  }

  /** Sends until nothing is taken any more; how many frames were. */
  int fill(Ends ends) throws InterruptedException {
    int sent = 0;
    while (true) {
      if (ends.ingest().send(unit(sent, BIG))) {
        sent++;
        assertThat(sent).as("frames taken without an owner that reads").isLessThan(2000);
      } else if (recorder.quietFor(300)) {
        return sent;
      }
    }
  }

  @Test
  void wakesTheOwnerForFramesThatCameBeforeItStarted() throws Exception {
    Ends ends = connect(4, recorder);
    ends.ingest().send(unit(0));
    assertThat(new OwnerReader(ends.owner()).nextSeq()).isZero();
  }

  @Test
  void carriesAcknowledgementsCumulatively() throws Exception {
    Ends ends = connect(4, recorder);
    ends.owner().acknowledge(7);
    assertThat(recorder.next()).isEqualTo("acknowledged 7");
    ends.owner().acknowledge(8);
    ends.owner().acknowledge(20);
    String call = recorder.next();
    assertThat(call.equals("acknowledged 8") ? recorder.next() : call).isEqualTo("acknowledged 20");
  }

  @Test
  void endsOnceWithTheOwnersReason() throws Exception {
    Ends ends = connect(4, recorder);
    ends.owner().end(CloseReason.KICKED, "text");
    ends.owner().release();
    assertThat(recorder.next()).isEqualTo("ended KICKED text");
    assertThat(ends.ingest().send(unit(0))).isFalse();
    assertThat(recorder.quietFor(100)).isTrue();
  }

  @Test
  void stillDeliversAfterATakeOverUntilTheIngestEnds() throws Exception {
    Ends ends = connect(10, recorder);
    ends.ingest().send(unit(0));
    ends.owner().finish("text");
    assertThat(recorder.next()).isEqualTo("ended TAKEN_OVER text");
    assertThat(ends.ingest().send(unit(1))).isTrue();
    assertThat(ends.ingest().send(new RelayFrame.End(false))).isTrue();
    ends.ingest().close();

    OwnerReader owner = new OwnerReader(ends.owner());
    assertThat(owner.nextSeq()).isZero();
    assertThat(owner.nextSeq()).isEqualTo(1);
    assertThat(owner.next()).isEqualTo(new RelayFrame.End(false));
    assertThat(recorder.quietFor(100)).isTrue();
  }

  @Test
  void endsOnceWhenTheOwnerDoesNotWaitAfterATakeOver() throws Exception {
    Ends ends = connect(4, recorder);
    ends.owner().finish("text");
    ends.owner().end(CloseReason.TAKEN_OVER, "text");
    assertThat(recorder.next()).isEqualTo("ended TAKEN_OVER text");
    assertThat(recorder.quietFor(300)).isTrue();
  }

  @Test
  void tellsTheIngestThatTheOwnerHasMoved() throws Exception {
    Ends ends = connect(4, recorder);
    ends.owner().release();
    assertThat(recorder.next()).isEqualTo("lost");
  }

  @Test
  void showsTheOwnerARelayThatGaveUpAsAnEndThatIsNotClean() throws Exception {
    Ends ends = connect(4, recorder);
    ends.ingest().send(unit(0));
    ends.ingest().close();
    OwnerReader owner = new OwnerReader(ends.owner());
    assertThat(owner.nextSeq()).isZero();
    assertThat(owner.next()).isEqualTo(new RelayFrame.End(false));
    assertThat(ends.owner().poll()).isEmpty();
    assertThat(recorder.quietFor(100)).isTrue();
  }

  @Test
  void losesNothingThatWasSentBeforeTheEndToAnOwnerThatIsSlow() throws Exception {
    Ends ends = connect(4, recorder);
    int sent = fill(ends);
    ends.ingest().close();
    OwnerReader owner = new OwnerReader(ends.owner());
    for (int seq = 0; seq < sent; seq++) {
      assertThat(owner.nextSeq()).isEqualTo(seq);
    }
    assertThat(owner.next()).isEqualTo(new RelayFrame.End(false));
  }

  @Test
  void carriesAcknowledgementsAfterTheEnd() throws Exception {
    Ends ends = connect(10, recorder);
    ends.ingest().send(unit(0));
    ends.ingest().send(new RelayFrame.End(true));
    OwnerReader owner = new OwnerReader(ends.owner());
    assertThat(owner.nextSeq()).isZero();
    assertThat(owner.next()).isEqualTo(new RelayFrame.End(true));
    assertThat(recorder.isNotLostFor(Duration.ofMillis(300))).isTrue();
    ends.owner().acknowledge(0);
    assertThat(recorder.next()).isEqualTo("acknowledged 0");
    ends.ingest().close();
    assertThat(ends.owner().poll()).isEmpty();
    assertThat(recorder.quietFor(100)).isTrue();
  }

  @Test
  void tellsTheIngestThatTheOwnerHasMovedAfterTheEnd() throws Exception {
    Ends ends = connect(10, recorder);
    ends.ingest().send(new RelayFrame.End(true));
    assertThat(new OwnerReader(ends.owner()).next()).isEqualTo(new RelayFrame.End(true));
    ends.owner().release();
    assertThat(recorder.next()).isEqualTo("lost");
  }

  @Test
  void replaysToTheNextOwnerFromWhereItAsks() throws Exception {
    Publisher publisher = new Publisher();
    IngestRelay relay = publisher.relay;
    IngestRelay.TransportListener toFirst = relay.newListener();
    Ends first = connect(10, toFirst);
    relay.connected(first.ingest(), toFirst, 5, 0);
    relay.offer(Units.videoConfig(0));
    for (int i = 0; i < 6; i++) {
      relay.offer(Units.video(0, i * 40L, i % 3 == 0, 10));
    }
    OwnerReader firstOwner = new OwnerReader(first.owner());
    for (int seq = 0; seq < 7; seq++) {
      assertThat(firstOwner.nextSeq()).isEqualTo(seq);
    }
    first.owner().release();
    assertThat(publisher.calls.poll(10, TimeUnit.SECONDS)).isEqualTo("lost");
    relay.offer(Units.video(0, 240, true, 10));

    IngestRelay.TransportListener toSecond = relay.newListener();
    Ends second = connect(10, toSecond);
    relay.connected(second.ingest(), toSecond, 5, 4);
    OwnerReader secondOwner = new OwnerReader(second.owner());
    assertThat(secondOwner.nextSeq()).as("the configuration in force").isZero();
    for (int seq = 4; seq < 8; seq++) {
      assertThat(secondOwner.nextSeq()).isEqualTo(seq);
    }
  }

  /** A relay whose publisher and actor are recorded. */
  private static final class Publisher implements PublisherControl, IngestRelay.Events {
    final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    final IngestRelay relay =
        new IngestRelay(
            RelayNodes.settings(1 << 20, 1 << 20), this, this, RelayNodes.inMemory(), "cam");

    @Override
    public void close(CloseReason reason, String text) {
      calls.add("close");
    }

    @Override
    public void leave(String text) {
      calls.add("leave");
    }

    @Override
    public void resumeReading() {
      calls.add("resume");
    }

    @Override
    public void ownerConnected() {}

    @Override
    public void acknowledged() {}

    @Override
    public void ownerLost() {
      calls.add("lost");
    }

    @Override
    public void endedByOwner(CloseReason reason, String text) {
      calls.add("ended");
    }

    @Override
    public void endSent() {
      calls.add("end sent");
    }

    @Override
    public void finished() {
      calls.add("finished");
    }
  }
}
