package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.relay.OwnerLink;
import io.millrace.node.relay.RelayFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndedSessionTest {
  private final List<String> calls = new ArrayList<>();
  private final EndedSession ended = new EndedSession();

  @Test
  void hearsOfItsOwnUnitsUntilTheLastOne() {
    ended.over(new Link("1"), 1, 20);
    ended.acknowledged(1, 10);
    ended.acknowledged(1, 20);
    ended.release();
    assertThat(calls).containsExactly("1 up to 10", "1 up to 20");
  }

  @Test
  void isWholeWhenALaterSessionHasSomethingDurable() {
    ended.over(new Link("1"), 1, 20);
    ended.acknowledged(2, 5);
    ended.release();
    assertThat(calls).containsExactly("1 up to 20");
  }

  @Test
  void isLetGoWhenTheOwnerGoesBeforeItIsWhole() {
    ended.over(new Link("1"), 1, 20);
    ended.acknowledged(1, 19);
    ended.release();
    ended.release();
    assertThat(calls).containsExactly("1 up to 19", "1 released");
  }

  @Test
  void givesWayToTheNextOne() {
    ended.over(new Link("1"), 1, 20);
    ended.over(new Link("2"), 2, 3);
    ended.acknowledged(1, 20);
    ended.end(CloseReason.KICKED, "text");
    assertThat(calls).containsExactly("1 released", "2 ended KICKED");
  }

  private final class Link implements OwnerLink {
    private final String name;

    Link(String name) {
      this.name = name;
    }

    @Override
    public void start(Runnable onFrames) {}

    @Override
    public Optional<RelayFrame> poll() {
      return Optional.empty();
    }

    @Override
    public void acknowledge(long seq) {
      calls.add(name + " up to " + seq);
    }

    @Override
    public void finish(String text) {}

    @Override
    public void end(CloseReason reason, String text) {
      calls.add(name + " ended " + reason);
    }

    @Override
    public void release() {
      calls.add(name + " released");
    }
  }
}
