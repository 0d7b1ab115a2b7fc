package io.millrace.testkit.hls;

import java.util.Locale;

/**
 * What a test publishes.
 *
 * @param width even, pixels
 * @param height even, pixels
 * @param fpsNum frame rate, numerator (30000)
 * @param fpsDen frame rate, denominator (1001)
 * @param gopSeconds distance of IDRs, rounded to frames
 * @param bFrames B-frames between two others, 0 for none
 * @param durationSeconds length
 * @param audioRate samples per second, 0 for no audio
 * @param audioChannels 1 or 2, 0 for no audio
 * @param bitrateKbps of the video
 */
public record CodedVideo(
    int width,
    int height,
    int fpsNum,
    int fpsDen,
    double gopSeconds,
    int bFrames,
    int durationSeconds,
    int audioRate,
    int audioChannels,
    int bitrateKbps) {

  /** 30 fps, IDR each 2 s, no B-frames, AAC 48 kHz stereo. */
  public static CodedVideo of(int width, int height, int durationSeconds) {
    int kbps = Math.max(400, width * height / 440);
    return new CodedVideo(width, height, 30, 1, 2, 0, durationSeconds, 48_000, 2, kbps);
  }

  public CodedVideo withFps(int num, int den) {
    return new CodedVideo(
        width,
        height,
        num,
        den,
        gopSeconds,
        bFrames,
        durationSeconds,
        audioRate,
        audioChannels,
        bitrateKbps);
  }

  public CodedVideo withGopSeconds(double seconds) {
    return new CodedVideo(
        width,
        height,
        fpsNum,
        fpsDen,
        seconds,
        bFrames,
        durationSeconds,
        audioRate,
        audioChannels,
        bitrateKbps);
  }

  public CodedVideo withBFrames(int count) {
    return new CodedVideo(
        width,
        height,
        fpsNum,
        fpsDen,
        gopSeconds,
        count,
        durationSeconds,
        audioRate,
        audioChannels,
        bitrateKbps);
  }

  public CodedVideo withAudio(int rate, int channels) {
    return new CodedVideo(
        width,
        height,
        fpsNum,
        fpsDen,
        gopSeconds,
        bFrames,
        durationSeconds,
        rate,
        channels,
        bitrateKbps);
  }

  public CodedVideo withoutAudio() {
    return withAudio(0, 0);
  }

  public CodedVideo withBitrateKbps(int kbps) {
    return new CodedVideo(
        width,
        height,
        fpsNum,
        fpsDen,
        gopSeconds,
        bFrames,
        durationSeconds,
        audioRate,
        audioChannels,
        kbps);
  }

  public double fps() {
    return (double) fpsNum / fpsDen;
  }

  public int frames() {
    return (int) Math.round(durationSeconds * fps());
  }

  public int gopFrames() {
    return Math.max(1, (int) Math.round(gopSeconds * fps()));
  }

  public boolean hasAudio() {
    return audioRate > 0;
  }

  /** Names all parameters, usable as a file name. */
  String fileName() {
    return String.format(
        Locale.ROOT,
        "v1-%dx%d-%d_%dfps-gop%d-b%d-%ds-%dHz%dch-%dk.flv",
        width,
        height,
        fpsNum,
        fpsDen,
        gopFrames(),
        bFrames,
        durationSeconds,
        audioRate,
        audioChannels,
        bitrateKbps);
  }
}
