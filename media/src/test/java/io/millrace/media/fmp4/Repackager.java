package io.millrace.media.fmp4;

import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.AudioFormats;
import io.millrace.media.codec.CodecLimits;
import io.millrace.media.codec.VideoFormats;
import io.millrace.media.demux.DemuxSettings;
import io.millrace.media.demux.DemuxVerdict;
import io.millrace.media.demux.FlvDemuxer;
import io.millrace.protocol.flv.FlvReader;
import io.millrace.protocol.flv.FlvTag;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The shortest way from an FLV file to fMP4 files, for comparison with other readers. */
final class Repackager {
  private static final DemuxSettings SETTINGS = new DemuxSettings(CodecLimits.standard(), 10);

  private Repackager() {}

  static List<MediaUnit> demux(byte[] flv) throws Exception {
    List<MediaUnit> units = new ArrayList<>();
    FlvDemuxer demuxer = new FlvDemuxer(SETTINGS, System::nanoTime, units::add);
    for (FlvTag tag : FlvReader.readAll(flv)) {
      ByteBuffer body = ByteBuffer.wrap(tag.body());
      DemuxVerdict verdict = new DemuxVerdict(false, "");
      if (tag.isVideo()) {
        verdict = demuxer.onVideo(tag.timestampMs(), body);
      } else if (tag.isAudio()) {
        verdict = demuxer.onAudio(tag.timestampMs(), body);
      }
      if (verdict.close()) {
        throw new IllegalStateException(verdict.reason());
      }
    }
    demuxer
        .dropped()
        .forEach(
            (reason, count) -> {
              if (count > 0) {
                throw new IllegalStateException(reason + ": " + count);
              }
            });
    return units;
  }

  static List<MediaUnit> frames(List<MediaUnit> units, TrackKind track) {
    return units.stream().filter(u -> u.track() == track && !u.isConfig()).toList();
  }

  static MediaUnit config(List<MediaUnit> units, TrackKind track) {
    return units.stream().filter(u -> u.track() == track && u.isConfig()).findFirst().orElseThrow();
  }

  /** Init segment and one fragment per IDR; DTS and PTS are those of the FLV times 90. */
  static byte[] video(List<MediaUnit> units) throws Exception {
    MediaUnit config = config(units, TrackKind.VIDEO);
    List<MediaUnit> frames = frames(units, TrackKind.VIDEO);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        InitSegments.video(
            VideoFormats.parse(config.codec(), config.payload(), CodecLimits.standard())));
    List<Sample> group = new ArrayList<>();
    long groupStart = 0;
    int number = 0;
    long shift = frames.get(0).compositionOffsetMs();
    for (int i = 0; i < frames.size(); i++) {
      MediaUnit frame = frames.get(i);
      if (frame.idr() && !group.isEmpty()) {
        out.writeBytes(Fragments.write(++number, groupStart, group));
        group.clear();
      }
      if (group.isEmpty()) {
        groupStart = (frame.dtsMs() + shift) * 90;
      }
      long next = i + 1 < frames.size() ? frames.get(i + 1).dtsMs() : frame.dtsMs() + 33;
      int duration = (int) (next - frame.dtsMs()) * 90;
      int offset = (int) (frame.compositionOffsetMs() - shift) * 90;
      group.add(new Sample(duration, offset, frame.idr(), frame.payload()));
    }
    out.writeBytes(Fragments.write(++number, groupStart, group));
    return out.toByteArray();
  }

  /** Init segment and fragments of 40 frames on the sample grid. */
  static byte[] audio(List<MediaUnit> units) throws Exception {
    MediaUnit config = config(units, TrackKind.AUDIO);
    AudioFormat format =
        AudioFormats.parse(config.codec(), config.payload(), CodecLimits.standard());
    List<MediaUnit> frames = frames(units, TrackKind.AUDIO);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(InitSegments.audio(format));
    for (int from = 0; from < frames.size(); from += 40) {
      List<Sample> samples =
          frames.subList(from, Math.min(frames.size(), from + 40)).stream()
              .map(f -> new Sample(format.frameSamples(), 0, true, f.payload()))
              .toList();
      out.writeBytes(Fragments.write(from / 40 + 1, (long) from * format.frameSamples(), samples));
    }
    return out.toByteArray();
  }
}
