package io.millrace.media.segment;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Generates the units of one session, interleaved by time and rounded to ms as encoders do. */
final class Publisher {
  double fps = 30;
  double gopSeconds = 2;
  int bFrames;
  int audioRate = 48_000;
  Codec audioCodec = Codec.AAC;
  boolean video = true;
  boolean audio = true;
  double seconds = 20;
  long startMs;
  byte[] videoConfig = FakeMuxing.videoConfig(1920, 1080, 30, "avc1.640028");
  Codec videoCodec = Codec.H264;
  String label = "";
  double audioFrom;
  double audioUntil = Double.MAX_VALUE;

  /** In the order sent, numbered from 0. */
  List<MediaUnit> units() {
    List<MediaUnit> frames = new ArrayList<>();
    if (video) {
      videoFrames(frames);
    }
    if (audio) {
      audioFrames(frames);
    }
    frames.sort(Comparator.comparingLong(MediaUnit::dtsMs));
    List<MediaUnit> units = new ArrayList<>();
    if (video) {
      units.add(config(TrackKind.VIDEO, videoCodec, videoConfig));
    }
    if (audio) {
      byte[] rate = String.valueOf(audioRate).getBytes(StandardCharsets.UTF_8);
      units.add(config(TrackKind.AUDIO, audioCodec, rate));
    }
    units.addAll(frames);
    return renumber(units, 0);
  }

  static List<MediaUnit> renumber(List<MediaUnit> units, long from) {
    List<MediaUnit> numbered = new ArrayList<>();
    for (MediaUnit unit : units) {
      numbered.add(unit.withSeq(from + numbered.size()));
    }
    return numbered;
  }

  private MediaUnit config(TrackKind track, Codec codec, byte[] record) {
    return new MediaUnit(0, MediaUnit.Kind.CONFIG, track, codec, 1, startMs, 0, false, record);
  }

  private void videoFrames(List<MediaUnit> out) {
    int count = (int) Math.round(seconds * fps);
    int gop = (int) Math.round(gopSeconds * fps);
    int group = bFrames + 1;
    for (int i = 0; i < count; i++) {
      int inGop = i % gop;
      int left = Math.min(gop - 1, count - 1 - (i - inGop));
      int display = i - inGop + display(inGop, group, left);
      long dts = ms(i);
      long pts = ms(display + (bFrames > 0 ? 2 : 0));
      byte[] data = (label + "v" + display).getBytes(StandardCharsets.UTF_8);
      out.add(
          new MediaUnit(
              0,
              MediaUnit.Kind.FRAME,
              TrackKind.VIDEO,
              videoCodec,
              1,
              dts,
              (int) (pts - dts),
              inGop == 0,
              data));
    }
  }

  /** I P B B P B B: the anchor of a group comes before its B-frames. */
  private static int display(int inGop, int group, int last) {
    if (inGop == 0) {
      return 0;
    }
    int index = (inGop - 1) / group;
    int anchor = Math.min((index + 1) * group, last);
    int within = (inGop - 1) % group;
    return within == 0 ? anchor : index * group + within;
  }

  private long ms(int frame) {
    return startMs + Math.round(frame * 1000.0 / fps);
  }

  private void audioFrames(List<MediaUnit> out) {
    int samples = audioCodec == Codec.AAC ? 1024 : 960;
    for (long n = 0; n * samples < seconds * audioRate; n++) {
      double at = (double) n * samples / audioRate;
      if (at >= audioFrom && at < audioUntil) {
        byte[] data = (label + "a" + n).getBytes(StandardCharsets.UTF_8);
        out.add(
            new MediaUnit(
                0,
                MediaUnit.Kind.FRAME,
                TrackKind.AUDIO,
                audioCodec,
                1,
                startMs + (long) (at * 1000),
                0,
                true,
                data));
      }
    }
  }
}
