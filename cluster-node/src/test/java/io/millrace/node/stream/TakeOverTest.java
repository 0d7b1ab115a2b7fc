package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.relay.OwnerLink;
import io.millrace.node.relay.RelayFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TakeOverTest {
  private final List<String> calls = new ArrayList<>();
  private final TakeOver takeOver = new TakeOver();
  private final OwnerLink last = new Link();

  @Test
  void opensAtOnceWhenThereIsNobodyToWaitFor() {
    takeOver.open(() -> calls.add("open"), null);
    assertThat(calls).containsExactly("open");
  }

  @Test
  void opensWhenTheLastSessionIsOver() {
    takeOver.open(() -> calls.add("open"), last);
    assertThat(calls).containsExactly("finish");
    takeOver.done();
    takeOver.done();
    assertThat(calls).containsExactly("finish", "open");
  }

  @Test
  void doesNotWaitLong() {
    takeOver.open(() -> calls.add("open"), last);
    long now = System.nanoTime();
    takeOver.tick(now);
    assertThat(calls).containsExactly("finish");
    takeOver.tick(now + Duration.ofMillis(600).toNanos());
    assertThat(calls).containsExactly("finish", "open");
  }

  private final class Link implements OwnerLink {
    @Override
    public void finish(String text) {
      calls.add("finish");
    }

    @Override
    public void start(Runnable onFrames) {}

    @Override
    public Optional<RelayFrame> poll() {
      return Optional.empty();
    }

    @Override
    public void acknowledge(long seq) {}

    @Override
    public void end(CloseReason reason, String text) {}

    @Override
    public void release() {}
  }
}
