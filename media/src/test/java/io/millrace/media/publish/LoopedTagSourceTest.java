package io.millrace.media.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopedTagSourceTest {

  @Test
  void continuesTimestampsOneFrameAfterTheEnd() throws IOException {
    List<PublishTag> file =
        List.of(Tags.videoConfig(), Tags.key(0), Tags.inter(33), Tags.inter(67), Tags.inter(100));

    List<PublishTag> sent = take(file, 9);

    assertThat(sent.stream().map(PublishTag::timestampMs))
        .containsExactly(0L, 0L, 33L, 67L, 100L, 133L, 166L, 200L, 233L);
    assertThat(sent.stream().filter(PublishTag::isSequenceHeader)).hasSize(1);
  }

  @Test
  void waitsForTheLongestTrack() throws IOException {
    List<PublishTag> file =
        List.of(Tags.key(0), Tags.audio(0), Tags.inter(40), Tags.audio(50), Tags.audio(100));

    assertThat(take(file, 6).get(5).timestampMs()).isEqualTo(150);
  }

  @Test
  void endsIfTheInputHasNoMedia() throws IOException {
    try (TagSource source = new LoopedTagSource(() -> Tags.source(List.of(Tags.videoConfig())))) {
      assertThat(source.next()).isPresent();
      assertThat(source.next()).isEmpty();
    }
  }

  private static List<PublishTag> take(List<PublishTag> file, int count) throws IOException {
    List<PublishTag> taken = new ArrayList<>();
    try (TagSource source = new LoopedTagSource(() -> Tags.source(file))) {
      while (taken.size() < count) {
        taken.add(source.next().orElseThrow());
      }
    }
    return taken;
  }
}
