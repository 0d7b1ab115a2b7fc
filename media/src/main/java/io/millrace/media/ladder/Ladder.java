package io.millrace.media.ladder;

import io.millrace.media.codec.VideoFormat;
import io.millrace.media.worker.RungSettings;
import java.util.ArrayList;
import java.util.List;

/** Which rungs a source gets. */
public final class Ladder {
  /** Name of the rendition that carries the publisher's own picture. */
  public static final String SOURCE_NAME = "source";

  /** Name of the audio rendition. */
  public static final String AUDIO_NAME = "audio";

  /** A rung has to be clearly smaller than the source to be worth making. */
  private static final double CLEARLY_SMALLER = 0.9;

  private static final double PIXELS_1080P30 = 1920.0 * 1080 * 30;

  /** Measured on the reference machine: decoding 1080p30, and scaling with encoding it. */
  private static final double DECODE_CORES = 0.115;

  private static final double ENCODE_CORES = 0.24;
  private static final int MIN_SIDE = 16;

  private Ladder() {}

  /**
   * @param fps of the source, frames per second
   * @param freeCores cores that this stream may take; what does not fit is left out, the largest
   *     rungs first, but a source that is not widely playable keeps one rung
   */
  public static LadderPlan plan(
      VideoFormat source, double fps, LadderSettings ladder, double freeCores) {
    FrameRate rate = FrameRate.snap(fps);
    List<RungSettings> rungs = new ArrayList<>();
    for (LadderRung rung : wanted(source, ladder)) {
      rungs.add(settings(source, rate, rung, rung.name()));
    }
    int least = source.widelyPlayable() ? 0 : Math.min(1, rungs.size());
    List<String> leftOut = new ArrayList<>();
    while (rungs.size() > least && cost(source, rate, rungs) > freeCores) {
      leftOut.add(rungs.remove(0).name());
    }
    return new LadderPlan(
        rungs,
        sourceEncoder(source, rate, ladder),
        source.widelyPlayable(),
        rungs.isEmpty() ? 0 : cost(source, rate, rungs),
        leftOut);
  }

  private static List<LadderRung> wanted(VideoFormat source, LadderSettings ladder) {
    int side = shorterSide(source);
    List<LadderRung> wanted = new ArrayList<>();
    for (LadderRung rung : ladder.rungs()) {
      boolean smaller = rung.shorterSidePixels() < side * CLEARLY_SMALLER;
      boolean sameClass = !source.widelyPlayable() && rung.shorterSidePixels() <= side;
      if (smaller || sameClass) {
        wanted.add(rung);
      }
    }
    if (wanted.isEmpty() && !source.widelyPlayable() && !ladder.rungs().isEmpty()) {
      LadderRung lowest = ladder.rungs().get(ladder.rungs().size() - 1);
      wanted.add(
          new LadderRung(lowest.name(), Math.max(64, side), lowest.bitrateBps(), lowest.maxFps()));
    }
    return wanted;
  }

  private static RungSettings sourceEncoder(
      VideoFormat source, FrameRate rate, LadderSettings ladder) {
    int side = shorterSide(source);
    int bitrate = bitrateFor(source, rate, side, ladder);
    return settings(
        source,
        rate,
        new LadderRung(SIZE_OF_SOURCE, Math.max(64, side), bitrate, 120),
        SOURCE_NAME);
  }

  private static final String SIZE_OF_SOURCE = "top";

  /** The bit rate of the rung of this size, or in proportion to the nearest one. */
  private static int bitrateFor(
      VideoFormat source, FrameRate rate, int side, LadderSettings ladder) {
    for (LadderRung rung : ladder.rungs()) {
      if (rung.shorterSidePixels() <= side) {
        double ratio = (double) side / rung.shorterSidePixels();
        return (int) Math.min(40_000_000, rung.bitrateBps() * Math.pow(ratio, 1.5));
      }
    }
    double pixels = (double) source.displayWidth() * source.displayHeight() * rate.perSecond();
    return (int) Math.max(300_000, Math.min(40_000_000, pixels * 0.08));
  }

  private static RungSettings settings(
      VideoFormat source, FrameRate rate, LadderRung rung, String name) {
    double scale = (double) rung.shorterSidePixels() / shorterSide(source);
    int width = even(source.displayWidth() * scale);
    int height = even(source.displayHeight() * scale);
    FrameRate rungRate = rate.atMost(rung.maxFps());
    int bitrate = rung.bitrateBps();
    return new RungSettings(
        name,
        width,
        height,
        rungRate.num(),
        rungRate.den(),
        bitrate,
        bitrate,
        bitrate,
        "baseline",
        H264Level.of(width, height, rungRate.perSecond(), bitrate),
        source.color());
  }

  private static int even(double size) {
    return Math.max(MIN_SIDE, 2 * (int) Math.round(size / 2));
  }

  private static int shorterSide(VideoFormat source) {
    return Math.min(source.displayWidth(), source.displayHeight());
  }

  /**
   * Estimated cores for decoding the source and making these rungs of it; 0 without rungs.
   *
   * @param fps of the source, frames per second
   */
  public static double cost(VideoFormat source, double fps, List<RungSettings> rungs) {
    return rungs.isEmpty() ? 0 : cost(source, FrameRate.snap(fps), rungs);
  }

  private static double cost(VideoFormat source, FrameRate rate, List<RungSettings> rungs) {
    double cores =
        DECODE_CORES
            * source.codedWidth()
            * source.codedHeight()
            * rate.perSecond()
            / PIXELS_1080P30;
    for (RungSettings rung : rungs) {
      cores += encodeCost(rung);
    }
    return cores;
  }

  /** Estimated cores for scaling to and encoding one rung. */
  public static double encodeCost(RungSettings rung) {
    return ENCODE_CORES * rung.width() * rung.height() * rung.frameRate() / PIXELS_1080P30;
  }
}
