package io.millrace.media.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PublishTagTest {

  @Test
  void knowsLegacyFramesAndTheirPresentationTime() {
    PublishTag tag = Tags.video(100, 0x27, 1, 0, 0, 67, 1, 2);

    assertThat(tag.isVideoFrame()).isTrue();
    assertThat(tag.isKeyframe()).isFalse();
    assertThat(tag.isSequenceHeader()).isFalse();
    assertThat(tag.presentationMs()).isEqualTo(167);
  }

  @Test
  void readsNegativeCompositionOffsets() {
    assertThat(Tags.video(100, 0x27, 1, 0xFF, 0xFF, 0xFE).presentationMs()).isEqualTo(98);
  }

  @Test
  void knowsSequenceHeaders() {
    assertThat(Tags.videoConfig().isSequenceHeader()).isTrue();
    assertThat(Tags.videoConfig().isVideoFrame()).isFalse();
    assertThat(Tags.audioConfig().isSequenceHeader()).isTrue();
    assertThat(Tags.audio(0).isSequenceHeader()).isFalse();
  }

  @Test
  void knowsEnhancedFrames() {
    PublishTag start = Tags.video(0, 0x90, 'h', 'v', 'c', '1', 1);
    PublishTag frames = Tags.video(10, 0x91, 'h', 'v', 'c', '1', 0, 0, 33, 7);
    PublishTag framesX = Tags.video(10, 0xA3, 'h', 'v', 'c', '1', 7, 7, 7);

    assertThat(start.isSequenceHeader()).isTrue();
    assertThat(start.isVideoFrame()).isFalse();
    assertThat(frames.isKeyframe()).isTrue();
    assertThat(frames.presentationMs()).isEqualTo(43);
    assertThat(framesX.isVideoFrame()).isTrue();
    assertThat(framesX.isKeyframe()).isFalse();
    assertThat(framesX.presentationMs()).isEqualTo(10);
  }

  @Test
  void treatsCutOffBodiesAsNothingSpecial() {
    assertThat(Tags.video(5).isSequenceHeader()).isFalse();
    assertThat(Tags.video(5, 0x17).isVideoFrame()).isFalse();
    assertThat(Tags.video(5, 0x17, 1).presentationMs()).isEqualTo(5);
    assertThat(Tags.video(5, 0x91, 'h').presentationMs()).isEqualTo(5);
  }
}
