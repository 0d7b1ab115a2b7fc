package io.millrace.media.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.publish.PublishTag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestPatternSourceTest {
  private static final TestPatternSettings SMALL =
      new TestPatternSettings(320, 180, 30, 30, 300_000);

  private static List<PublishTag> first(int count) throws IOException {
    List<PublishTag> tags = new ArrayList<>();
    try (TestPatternSource source = new TestPatternSource(SMALL)) {
      for (int i = 0; i < count; i++) {
        tags.add(source.next().orElseThrow());
      }
    }
    return tags;
  }

  @Test
  void sendsMetadataAndBothSequenceHeadersFirst() throws IOException {
    List<PublishTag> tags = first(4);

    assertThat(tags.get(0).type()).isEqualTo(PublishTag.Type.SCRIPT);
    assertThat(tags.get(1).isSequenceHeader()).isTrue();
    assertThat(tags.get(2).isSequenceHeader()).isTrue();
    assertThat(tags.get(3).isKeyframe()).isTrue();
  }

  @Test
  void interleavesTheTracksInTimeOrderWithRegularKeyframes() throws IOException {
    List<PublishTag> tags = first(3 + 200);

    assertThat(tags).extracting(PublishTag::timestampMs).isSorted();
    List<PublishTag> video = tags.stream().filter(PublishTag::isVideoFrame).toList();
    for (int i = 0; i < video.size(); i++) {
      assertThat(video.get(i).timestampMs()).isEqualTo(i * 1000L / 30);
      assertThat(video.get(i).isKeyframe()).isEqualTo(i % 30 == 0);
    }
    assertThat(video).hasSizeBetween(75, 80);
  }

  @Test
  void refusesAnOddSize() {
    assertThatThrownBy(() -> new TestPatternSettings(321, 180, 30, 60, 300_000))
        .hasMessage("size: 321x180 (expected: even numbers)");
  }
}
