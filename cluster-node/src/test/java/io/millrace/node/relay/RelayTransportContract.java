package io.millrace.node.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a relay and an owner may rely on whatever lies between them. */
abstract class RelayTransportContract {

  /** Both ends of one way. */
  record Ends(RelayTransport ingest, OwnerLink owner) {}

  /** A way that takes about {@code maxFrames} frames before it refuses one. */
  abstract Ends connect(int maxFrames, RelayTransport.Listener listener);

  static final class Recorder implements RelayTransport.Listener {
    final List<String> calls = new ArrayList<>();

    @Override
    public synchronized void writable() {
      calls.add("writable");
    }

    @Override
    public synchronized void acknowledged(long seq) {
      calls.add("acknowledged " + seq);
    }

    @Override
    public synchronized void ended(CloseReason reason, String text) {
      calls.add("ended " + reason);
    }

    @Override
    public synchronized void lost() {
      calls.add("lost");
    }
  }

  private final Recorder recorder = new Recorder();

  private static RelayFrame unit(long seq) {
    return new RelayFrame.Unit(Units.video(seq, seq, seq == 0, 10));
  }

  @Test
  void deliversFramesInOrder() {
    Ends ends = connect(10, recorder);
    for (int seq = 0; seq < 5; seq++) {
      assertThat(ends.ingest().send(unit(seq))).isTrue();
    }
    for (int seq = 0; seq < 5; seq++) {
      assertThat(((RelayFrame.Unit) ends.owner().poll().orElseThrow()).unit().seq()).isEqualTo(seq);
    }
    assertThat(ends.owner().poll()).isEmpty();
  }

  @Test
  void refusesWhenFullAndSaysWhenThereIsRoomAgain() {
    Ends ends = connect(4, recorder);
    int sent = 0;
    while (ends.ingest().send(unit(sent))) {
      sent++;
    }
    assertThat(sent).isEqualTo(4);
    while (ends.owner().poll().isPresent()) {
      sent--;
    }
    assertThat(sent).isZero();
    assertThat(recorder.calls).containsExactly("writable");
  }

  @Test
  void wakesTheOwnerForFramesThatCameBeforeItStarted() {
    Ends ends = connect(4, recorder);
    ends.ingest().send(unit(0));
    List<Optional<RelayFrame>> seen = new ArrayList<>();
    ends.owner().start(() -> seen.add(ends.owner().poll()));
    assertThat(seen).hasSize(1);
  }

  @Test
  void carriesAcknowledgements() {
    Ends ends = connect(4, recorder);
    ends.owner().acknowledge(7);
    assertThat(recorder.calls).containsExactly("acknowledged 7");
  }

  @Test
  void endsOnceWithTheOwnersReason() {
    Ends ends = connect(4, recorder);
    ends.owner().end(CloseReason.KICKED, "text");
    ends.owner().release();
    assertThat(recorder.calls).containsExactly("ended KICKED");
    assertThat(ends.ingest().send(unit(0))).isFalse();
  }

  @Test
  void tellsTheIngestThatTheOwnerIsLost() {
    Ends ends = connect(4, recorder);
    ends.owner().release();
    assertThat(recorder.calls).containsExactly("lost");
  }

  @Test
  void showsTheOwnerARelayThatWentAwayAsAnEndThatIsNotClean() {
    Ends ends = connect(4, recorder);
    ends.ingest().send(unit(0));
    ends.ingest().close();
    assertThat(ends.owner().poll()).containsInstanceOf(RelayFrame.Unit.class);
    assertThat(ends.owner().poll()).contains(new RelayFrame.End(false));
    assertThat(ends.owner().poll()).isEmpty();
    assertThat(recorder.calls).isEmpty();
  }
}
