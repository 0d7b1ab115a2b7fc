package io.millrace.testkit.hls;

import io.millrace.testkit.hls.ToneBursts.Detector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where the tone bursts are heard relative to the frames that are seen: in the file as published
 * and in a recording of it. The burst of second k belongs to frame k · fps.
 */
public final class AudioAlignment {

  private static final double MAX_APART_SECONDS = 0.040;

  private AudioAlignment() {}

  /** A picture's number and its time on the same clock as the bursts. */
  record Picture(double ptsSeconds, int number) {}

  /**
   * Requires at least one burst per two seconds, each within 40 ms of where the published file has
   * it.
   *
   * @param flv made by {@link CodedVideoFactory} from {@code video}
   * @throws AssertionError naming the first burst that is off
   */
  public static void assertAligned(Path flv, CodedVideo video, Recording recording)
      throws IOException {
    double published = median(publishedOffsets(flv, video));
    RecordedRendition audio =
        recording.audio().orElseThrow(() -> new AssertionError("no audio rendition"));
    List<Double> bursts = RecordingVerifier.burstSeconds(audio);
    double listed = audio.segments().stream().mapToDouble(s -> s.listed().durationSeconds()).sum();
    if (bursts.size() < listed / 2) {
      throw new AssertionError(bursts.size() + " tone bursts in " + listed + " s of audio");
    }
    for (RecordedRendition rendition : recording.video()) {
      requireAligned(
          rendition.name(), offsets(pictures(rendition), video.fps(), bursts), published);
    }
  }

  /** Seconds by which each burst of the file itself comes after its frame. */
  static List<Double> publishedOffsets(Path flv, CodedVideo video) throws IOException {
    PublishedFile file = PublishedFile.read(flv);
    List<Picture> pictures = new ArrayList<>();
    for (int number = 0; number < file.videoPtsMs().size(); number++) {
      pictures.add(new Picture(file.videoPtsMs().get(number) / 1000.0, number));
    }
    Detector detector = new Detector(video.audioRate());
    SoundDecoder.decode(flv, detector::sample);
    double start = file.firstAudioMs() / 1000.0;
    List<Double> bursts =
        detector.onsets().stream().map(i -> start + (double) i / video.audioRate()).toList();
    return offsets(pictures, video.fps(), bursts);
  }

  /** Seconds by which each burst comes after its frame; bursts before the first are left out. */
  static List<Double> offsets(List<Picture> pictures, double fps, List<Double> bursts) {
    List<Double> offsets = new ArrayList<>();
    for (double burst : bursts) {
      Picture shown = null;
      for (Picture p : pictures) {
        if (p.ptsSeconds() > burst) {
          break;
        }
        shown = p;
      }
      if (shown != null) {
        double source = shown.number() / fps + burst - shown.ptsSeconds();
        offsets.add(source - Math.rint(source));
      }
    }
    return offsets;
  }

  private static List<Picture> pictures(RecordedRendition rendition) {
    return RecordingVerifier.frames(rendition).stream()
        .filter(f -> f.reading().isReadable())
        .map(f -> new Picture(f.ptsSeconds(), f.reading().number()))
        .toList();
  }

  private static void requireAligned(String name, List<Double> offsets, double published) {
    for (int i = 0; i < offsets.size(); i++) {
      double apart = offsets.get(i) - published;
      if (Math.abs(apart) > MAX_APART_SECONDS) {
        throw new AssertionError(
            String.format(Locale.ROOT, "%s: tone burst %d is %.1f ms off", name, i, apart * 1000));
      }
    }
  }

  private static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new AssertionError("no tone bursts in the published file");
    }
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
