package io.millrace.testkit.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CodedVideoFactoryIT {

  @Test
  void numbersEachFrameReadablyEvenAt480pAndLowBitrate() throws IOException {
    CodedVideo video =
        CodedVideo.of(854, 480, 4).withFps(30000, 1001).withBFrames(2).withBitrateKbps(300);

    Path file = CodedVideoFactory.inTarget().flv(video);

    assertThat(numbersIn(file, video))
        .isEqualTo(IntStream.range(0, video.frames()).boxed().toList());
  }

  @Test
  void makesAFileOnce() throws IOException {
    CodedVideo video = CodedVideo.of(320, 180, 1).withoutAudio();
    Path file = CodedVideoFactory.inTarget().flv(video);
    Object first = Files.getLastModifiedTime(file);

    assertThat(CodedVideoFactory.inTarget().flv(video)).isEqualTo(file);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(first);
  }

  private static List<Integer> numbersIn(Path file, CodedVideo video) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    PictureDecoder.decode(
        file,
        video.width(),
        video.height(),
        luma -> numbers.add(FrameCode.read(luma, video.width(), video.height()).number()));
    return numbers;
  }
}
