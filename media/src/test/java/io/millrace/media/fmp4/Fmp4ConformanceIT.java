package io.millrace.media.fmp4;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FLV made by the bundled ffmpeg, through our demuxer and writer, read by the bundled ffprobe. */
final class Fmp4ConformanceIT {
  private static final String QUIET = "error";

  @TempDir Path directory;

  /**
   * libavformat adds the largest negative composition offset to every PTS of a track without an
   * edit list ({@code dts_shift} in its mov.c); the same for all frames, so the test adds it too.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "H.264 without B-frames | 30 | 320x240 | libx264 -bf 0 -g 30",
        "H.264 with B-frames | 30 | 640x360 | libx264 -bf 3 -g 30 -preset medium",
        "H.264 29.97 | 30000/1001 | 322x242 | libx264 -bf 2 -g 60",
        "H.264 portrait, anamorphic | 25 | 240x320 | libx264 -bf 0 -g 50 -vf setsar=4/3",
        "HEVC | 30 | 640x360 | libx265 -g 30 -x265-params log-level=none:bframes=3",
        "AV1 | 30 | 320x240 | libsvtav1 -preset 12 -g 30",
      })
  void bringsBackEveryVideoFrameAtItsTime(String name, String rate, String size, String encoder)
      throws Exception {
    byte[] flv = encode(rate, size, encoder, "aac -ar 48000 -ac 2");

    List<MediaUnit> units = Repackager.demux(flv);
    Path file = Files.write(directory.resolve("video.mp4"), Repackager.video(units));

    List<MediaUnit> frames = Repackager.frames(units, TrackKind.VIDEO);
    long shift = frames.get(0).compositionOffsetMs();
    long lift = frames.stream().mapToLong(f -> shift - f.compositionOffsetMs()).max().orElseThrow();
    List<String> expected = new ArrayList<>();
    for (MediaUnit frame : frames) {
      long pts = (frame.ptsMs() + lift) * 90;
      long dts = (frame.dtsMs() + shift) * 90;
      expected.add(pts + "," + dts + "," + (frame.idr() ? "K" : "_"));
    }
    assertThat(frames.get(0).idr()).isTrue();
    assertThat(frames).hasSizeGreaterThan(60);
    assertThat(packets(file)).isEqualTo(expected);
    assertThat(decodedFrames(file)).isEqualTo(frames.size());
  }

  @ParameterizedTest(name = "{0} Hz, {1} channels")
  @CsvSource({"44100, 1", "48000, 2", "48000, 6", "22050, 2", "96000, 2"})
  void bringsBackEveryAudioFrameOnTheGrid(int rate, int channels) throws Exception {
    byte[] flv = encode("30", "64x64", "libx264 -bf 0", "aac -ar " + rate + " -ac " + channels);

    List<MediaUnit> units = Repackager.demux(flv);
    Path file = Files.write(directory.resolve("audio.mp4"), Repackager.audio(units));

    List<MediaUnit> frames = Repackager.frames(units, TrackKind.AUDIO);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      expected.add(i * 1024 + "," + i * 1024 + ",K");
    }
    assertThat(packets(file)).isEqualTo(expected);
    String stream = probe(file, "stream=sample_rate,channels,time_base");
    assertThat(stream).isEqualTo(rate + "," + channels + ",1/" + rate);
    decodedFrames(file);
  }

  private byte[] encode(String rate, String size, String video, String audio) throws Exception {
    Path flv = directory.resolve("in.flv");
    List<String> arguments = new ArrayList<>(List.of("-v", QUIET, "-y"));
    arguments.addAll(List.of("-f", "lavfi", "-i", "testsrc2=r=" + rate + ":s=" + size + ":d=3"));
    arguments.addAll(List.of("-f", "lavfi", "-i", "sine=f=440:r=48000:d=3"));
    arguments.addAll(List.of("-pix_fmt", "yuv420p", "-preset", "ultrafast", "-threads", "1"));
    arguments.add("-c:v");
    arguments.addAll(words(video));
    arguments.add("-c:a");
    arguments.addAll(words(audio));
    arguments.addAll(List.of("-f", "flv", flv.toString()));
    Programs.run(Programs.ffmpeg(), arguments.toArray(String[]::new));
    return Files.readAllBytes(flv);
  }

  private static List<String> words(String text) {
    return Pattern.compile(" ").splitAsStream(text).toList();
  }

  /** {@code pts,dts,K} or {@code pts,dts,_} of every packet. */
  private static List<String> packets(Path file) throws Exception {
    Pattern packet = Pattern.compile("([^,]+,[^,]+),(.).*");
    return probe(file, "packet=pts,dts,flags")
        .lines()
        .map(packet::matcher)
        .filter(Matcher::matches)
        .map(m -> m.group(1) + "," + m.group(2))
        .toList();
  }

  private static int decodedFrames(Path file) throws Exception {
    byte[] out =
        Programs.run(Programs.ffmpeg(), "-v", QUIET, "-i", file.toString(), "-f", "framecrc", "-");
    return (int)
        new String(out, StandardCharsets.US_ASCII)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .count();
  }

  private static String probe(Path file, String entries) throws Exception {
    byte[] out =
        Programs.run(
            Programs.ffprobe(),
            "-v",
            QUIET,
            "-show_entries",
            entries,
            "-of",
            "csv=p=0",
            file.toString());
    return new String(out, StandardCharsets.US_ASCII).trim();
  }
}
