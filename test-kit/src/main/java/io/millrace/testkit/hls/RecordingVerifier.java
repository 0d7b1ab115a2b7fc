package io.millrace.testkit.hls;

import io.millrace.testkit.fmp4.Fmp4Fragment;
import io.millrace.testkit.fmp4.Fmp4Init;
import io.millrace.testkit.fmp4.Fmp4Reader;
import io.millrace.testkit.fmp4.Fmp4Sample;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Decodes recordings with the bundled {@code ffmpeg}. */
public final class RecordingVerifier {

  private RecordingVerifier() {}

  /** Takes decoded pictures in presentation order. */
  @FunctionalInterface
  public interface PictureSink {
    /**
     * @param period segments that were decoded together
     * @param ptsSeconds media time
     * @param luma {@code width * height} bytes, reused after the call
     */
    void picture(
        List<RecordedSegment> period, double ptsSeconds, byte[] luma, int width, int height);
  }

  /** The frame numbers that a video rendition shows, in order. */
  public static List<ShownFrame> frames(RecordedRendition rendition) {
    List<ShownFrame> frames = new ArrayList<>();
    decode(
        rendition,
        (period, ptsSeconds, luma, width, height) ->
            frames.add(
                new ShownFrame(
                    ptsSeconds,
                    FrameCode.read(luma, width, height),
                    period.get(0).listed().uri())));
    return frames;
  }

  /**
   * Decodes a video rendition period by period.
   *
   * @throws UncheckedIOException if the decoder complains
   * @throws AssertionError if it gives another number of pictures than there are samples
   */
  public static void decode(RecordedRendition rendition, PictureSink sink) {
    for (List<RecordedSegment> period : rendition.periods()) {
      decodePeriod(rendition.name(), period, sink);
    }
  }

  private static void decodePeriod(String name, List<RecordedSegment> period, PictureSink sink) {
    Fmp4Init init = Fmp4Reader.init(period.get(0).initBytes());
    long[] pts = samples(period).stream().mapToLong(Fmp4Sample::pts).sorted().toArray();
    int[] count = {0};
    withFile(
        period,
        file ->
            PictureDecoder.decode(
                file,
                init.width(),
                init.height(),
                luma -> {
                  int i = Math.min(count[0]++, pts.length - 1);
                  double seconds = (double) pts[i] / init.timescale();
                  sink.picture(period, seconds, luma, init.width(), init.height());
                }));
    if (count[0] != pts.length) {
      throw new AssertionError(
          name
              + ", period of "
              + period.get(0).listed().uri()
              + ": "
              + count[0]
              + " pictures of "
              + pts.length
              + " samples");
    }
  }

  /** Where tone bursts begin in an audio rendition, seconds of media time. */
  static List<Double> burstSeconds(RecordedRendition audio) {
    List<Double> seconds = new ArrayList<>();
    for (List<RecordedSegment> period : audio.periods()) {
      int rate = Fmp4Reader.init(period.get(0).initBytes()).timescale();
      List<Fmp4Sample> samples = samples(period);
      int frame = samples.get(0).durationTicks();
      ToneBursts.Detector detector = new ToneBursts.Detector(rate);
      withFile(period, file -> SoundDecoder.decode(file, detector::sample));
      for (long index : detector.onsets()) {
        Fmp4Sample in = samples.get((int) Math.min(index / frame, samples.size() - 1));
        seconds.add((double) (in.pts() + index % frame) / rate);
      }
    }
    return seconds;
  }

  static List<Fmp4Sample> samples(List<RecordedSegment> period) {
    List<Fmp4Sample> samples = new ArrayList<>();
    for (RecordedSegment s : period) {
      for (Fmp4Fragment fragment : Fmp4Reader.fragments(s.bytes())) {
        samples.addAll(fragment.samples());
      }
    }
    return samples;
  }

  private static void withFile(List<RecordedSegment> period, FfmpegProgram.Exchange<Path> use) {
    try {
      Path file = Files.createTempFile("period", ".mp4");
      try {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
          out.write(period.get(0).initBytes());
          for (RecordedSegment s : period) {
            out.write(s.bytes());
          }
        }
        use.with(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
