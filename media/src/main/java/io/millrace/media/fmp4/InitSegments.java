package io.millrace.media.fmp4;

import io.millrace.media.Codec;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.ColorDescription;
import io.millrace.media.codec.VideoFormat;

/**
 * Init segments ({@code ftyp} and {@code moov}) of one-track CMAF renditions. The same format gives
 * the same bytes: there is no time of creation. No edit list, track 1.
 */
public final class InitSegments {
  /** Ticks per second of every video rendition. */
  public static final int VIDEO_TIMESCALE = 90_000;

  private InitSegments() {}

  /** Passthrough video: {@code avc1}, {@code hvc1} or {@code av01}; timescale 90000. */
  public static byte[] video(VideoFormat format) {
    VisualEntry entry =
        new VisualEntry(
            entryType(format.codec()),
            configType(format.codec()),
            format.configRecord(),
            format.codedWidth(),
            format.codedHeight(),
            format.displayWidth(),
            format.displayHeight(),
            format.color());
    return Movie.init(
        VIDEO_TIMESCALE,
        new Movie.Track(true, format.displayWidth(), format.displayHeight(), entry));
  }

  /**
   * Video of an H.264 encoder of ours: square samples, colour as in its SPS.
   *
   * @param avcC AVCDecoderConfigurationRecord for 4-byte lengths
   */
  public static byte[] videoFromAvcC(byte[] avcC, int width, int height) {
    VisualEntry entry =
        new VisualEntry(
            "avc1", "avcC", avcC, width, height, width, height, ColorDescription.UNSPECIFIED);
    return Movie.init(VIDEO_TIMESCALE, new Movie.Track(true, width, height, entry));
  }

  /**
   * AAC audio: {@code mp4a}; timescale is the sample rate.
   *
   * @throws IllegalArgumentException for other codecs, which are transcoded to AAC before here
   */
  public static byte[] audio(AudioFormat format) {
    if (format.codec() != Codec.AAC) {
      throw new IllegalArgumentException("codec: " + format.codec() + " (expected: AAC)");
    }
    return Movie.init(format.sampleRate(), new Movie.Track(false, 0, 0, new AudioEntry(format)));
  }

  private static String entryType(Codec codec) {
    return switch (codec) {
      case H264 -> "avc1";
      case HEVC -> "hvc1";
      case AV1 -> "av01";
      default ->
          throw new IllegalArgumentException("codec: " + codec + " (expected: a video codec)");
    };
  }

  private static String configType(Codec codec) {
    return codec == Codec.H264 ? "avcC" : codec == Codec.HEVC ? "hvcC" : "av1C";
  }
}
