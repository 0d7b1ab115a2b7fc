package io.millrace.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MediaQueueTest {
  private final MediaQueue<String> queue = new MediaQueue<>(90_000, 1000);

  @Test
  void isBoundedByMediaTime() {
    assertThat(queue.offer("a", 0, 1)).isTrue();
    assertThat(queue.offer("b", 90_001, 1)).isTrue();
    assertThat(queue.span90k()).isEqualTo(90_001);
    assertThat(queue.offer("c", 90_002, 1)).isFalse();
  }

  @Test
  void isBoundedByBytesButTakesOneOfAnySize() throws InterruptedException {
    assertThat(queue.offer("a", 0, 5000)).isTrue();
    assertThat(queue.offer("b", 0, 1)).isFalse();
    assertThat(queue.take()).isEqualTo("a");
    assertThat(queue.offer("b", 0, 1)).isTrue();
  }

  @Test
  void givesEntriesWithoutATimeTheTimeBeforeThem() throws InterruptedException {
    queue.offer("a", 1000, 1);
    queue.offer("control", MediaQueue.NO_TIME, 0);
    queue.offer("b", 5000, 1);
    assertThat(queue.take()).isEqualTo("a");
    assertThat(queue.span90k()).isEqualTo(4000);
  }

  @Test
  void handsOutWhatIsLeftAfterItWasClosed() throws InterruptedException {
    queue.offer("a", 0, 1);
    queue.close();
    assertThat(queue.offer("b", 0, 1)).isFalse();
    assertThat(queue.take()).isEqualTo("a");
    assertThat(queue.take()).isNull();
    assertThat(queue.isClosed()).isTrue();
  }

  @Test
  void pollReturnsNullAtItsTimeout() throws InterruptedException {
    assertThat(queue.poll(1)).isNull();
  }
}
