package io.millrace.testkit.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.fmp4.Fragments;
import io.millrace.media.fmp4.Sample;
import io.millrace.testkit.Await;
import io.millrace.testkit.fmp4.Fmp4Fragment;
import io.millrace.testkit.fmp4.Fmp4Reader;
import io.millrace.testkit.fmp4.Fmp4Sample;
import io.millrace.testkit.hls.FrameExactness.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingIT {

  private static final CodedVideo VIDEO = CodedVideo.of(320, 192, 14).withAudio(44_100, 1);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void passesAStreamThatKeepsTheRules(int bFrames) throws IOException {
    CodedVideo video = VIDEO.withBFrames(bFrames).withFps(30000, 1001);
    Path flv = CodedVideoFactory.inTarget().flv(video);
    try (PackagedStream stream = new PackagedStream(flv, 2, 0)) {
      Recording recording = record(stream);

      assertThat(recording.failures()).isEmpty();
      assertThat(recording.violations()).isEmpty();
      assertThat(SegmentLinter.check(recording)).isEmpty();
      assertThat(recording.renditions())
          .extracting(RecordedRendition::name)
          .containsExactly("source", "audio");
      assertThat(recording.rendition("source").missing()).isEmpty();
      FrameExactness.assertExact(recording, List.of(Session.of(sent(flv))));
      AudioAlignment.assertAligned(flv, video, recording);
    }
  }

  @Test
  void findsAMissingFrame() throws IOException {
    Path flv = CodedVideoFactory.inTarget().flv(VIDEO);
    try (PackagedStream stream = new PackagedStream(flv, 2, 0)) {
      stream.files.computeIfPresent("source/1-3.m4s", (path, bytes) -> withoutLastFrame(bytes));

      Recording recording = record(stream);

      assertThatThrownBy(
              () -> FrameExactness.assertExact(recording, List.of(Session.of(sent(flv)))))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("source: session 0: expected frame 239 after 238, shown 240")
          .hasMessageEndingWith("(1 missing)");
    }
  }

  @Test
  void findsASegmentInTheWrongPlace() throws IOException {
    Path flv = CodedVideoFactory.inTarget().flv(VIDEO);
    try (PackagedStream stream = new PackagedStream(flv, 2, 0)) {
      stream.files.put("source/1-3.m4s", stream.files.get("source/1-4.m4s"));

      assertThat(SegmentLinter.check(record(stream)))
          .extracting(Violation::ruleId)
          .containsOnly("H15", "H10");
    }
  }

  @Test
  void findsAMissingObject() throws IOException {
    try (PackagedStream stream =
        new PackagedStream(CodedVideoFactory.inTarget().flv(VIDEO), 2, 0)) {
      stream.files.remove("audio/1-2.m4s");
      try (StreamRecorder recorder = StreamRecorder.start(stream.start(), directory)) {
        recorder.awaitEnded(Duration.ofSeconds(20));
        Await.until(
            "the linter has seen the 404",
            Duration.ofSeconds(10),
            () -> !recorder.linter().violations().isEmpty());

        assertThat(recorder.linter().violations())
            .extracting(Violation::toString)
            .containsExactly("H16 [audio] listed 1-2.m4s answers 404");
      }
    }
  }

  @Test
  void findsAWrongDurationAndAnExceededBandwidth() throws IOException {
    try (PackagedStream stream =
        new PackagedStream(CodedVideoFactory.inTarget().flv(VIDEO), 2, 0)) {
      edit(stream, "source/index.m3u8", "#EXTINF:2.000000,\n1-3", "#EXTINF:2.010000,\n1-3");
      edit(
          stream,
          "index.m3u8",
          "BANDWIDTH=3000000,AVERAGE-BANDWIDTH=500000",
          "BANDWIDTH=20000,AVERAGE-BANDWIDTH=10000");

      assertThat(SegmentLinter.check(record(stream)))
          .extracting(Violation::ruleId)
          .containsExactly("H20", "H13");
    }
  }

  @Test
  void findsAudioThatIsLate() throws IOException {
    Path flv = CodedVideoFactory.inTarget().flv(VIDEO);
    try (PackagedStream stream = new PackagedStream(flv, 2, 60)) {
      Recording recording = record(stream);

      assertThatThrownBy(() -> AudioAlignment.assertAligned(flv, VIDEO, recording))
          .isInstanceOf(AssertionError.class)
          .hasMessageMatching("source: tone burst \\d+ is (59|60|61)\\.\\d ms off");
    }
  }

  private Recording record(PackagedStream stream) {
    try (StreamRecorder recorder = StreamRecorder.start(stream.start(), directory)) {
      recorder.awaitEnded(Duration.ofSeconds(20));
      return recorder.stop();
    }
  }

  private static List<Integer> sent(Path flv) throws IOException {
    PublishedFile file = PublishedFile.read(flv);
    List<Integer> numbers = file.frameNumbers().stream().filter(n -> n >= 0).toList();
    assertThat(numbers)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, numbers.size()).boxed().toList());
    return numbers;
  }

  private static byte[] withoutLastFrame(byte[] segment) {
    Fmp4Fragment fragment = Fmp4Reader.fragments(segment).get(0);
    List<Sample> samples = new ArrayList<>();
    for (Fmp4Sample s : fragment.samples()) {
      samples.add(new Sample(s.durationTicks(), s.compositionOffset(), s.sync(), s.data()));
    }
    Sample last = samples.remove(samples.size() - 1);
    Sample before = samples.remove(samples.size() - 1);
    samples.add(
        new Sample(
            before.durationTicks() + last.durationTicks(),
            before.compositionOffsetTicks(),
            before.sync(),
            before.data()));
    return Fragments.write((int) fragment.sequenceNumber(), fragment.baseDecodeTime(), samples);
  }

  private static void edit(PackagedStream stream, String path, String from, String to) {
    String text = new String(stream.files.get(path), StandardCharsets.UTF_8);
    assertThat(text).contains(from);
    stream.files.put(path, text.replace(from, to).getBytes(StandardCharsets.UTF_8));
  }
}
