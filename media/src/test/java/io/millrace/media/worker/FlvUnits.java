package io.millrace.media.worker;

import io.millrace.media.Codec;
import io.millrace.media.TrackKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What one FLV file made by the bundled ffmpeg holds of one track, as worker input. */
record FlvUnits(Codec codec, byte[] extradata, List<WorkerUnit> units) {
  private static final Map<String, Codec> FOUR_CC =
      Map.of(
          "avc1",
          Codec.H264,
          "hvc1",
          Codec.HEVC,
          "av01",
          Codec.AV1,
          "Opus",
          Codec.OPUS,
          "fLaC",
          Codec.FLAC,
          "ac-3",
          Codec.AC3,
          ".mp3",
          Codec.MP3,
          "mp4a",
          Codec.AAC);

  /** Runs the bundled ffmpeg with these arguments and an FLV output, and reads one track of it. */
  static FlvUnits make(TrackKind track, String arguments) throws IOException, InterruptedException {
    Path file = Files.createTempFile("worker-source", ".flv");
    try {
      List<String> command = new ArrayList<>();
      command.addAll(List.of(BundledFfmpeg.ffmpeg().toString(), "-nostdin", "-v", "error", "-y"));
      command.addAll(Arrays.asList(arguments.split(" ", -1)));
      command.addAll(List.of("-f", "flv", file.toString()));
      Process process = new ProcessBuilder(command).inheritIO().start();
      if (process.waitFor() != 0) {
        throw new IOException("ffmpeg failed: " + command);
      }
      return read(Files.readAllBytes(file), track);
    } finally {
      Files.delete(file);
    }
  }

  static FlvUnits read(byte[] flv, TrackKind track) {
    ByteBuffer in = ByteBuffer.wrap(flv);
    in.position(13);
    Codec codec = null;
    byte[] extradata = {};
    List<WorkerUnit> units = new ArrayList<>();
    while (in.remaining() >= 15) {
      int type = in.get() & 0x1f;
      int size = u24(in);
      long ms = u24(in) | (long) in.get() << 24;
      in.position(in.position() + 3);
      byte[] body = new byte[size];
      in.get(body);
      in.getInt();
      if (type != (track == TrackKind.VIDEO ? 9 : 8)) {
        continue;
      }
      Tag tag = Tag.parse(body, track);
      codec = tag.codec;
      if (tag.sequenceHeader) {
        extradata = tag.payload;
      } else if (tag.payload.length > 0 && !tag.end) {
        long dts = ms * 90;
        units.add(
            new WorkerUnit(
                units.size(), 1, track, dts, dts + tag.cts * 90L, tag.key, false, 0, tag.payload));
      }
    }
    return new FlvUnits(codec, extradata, units);
  }

  private static int u24(ByteBuffer in) {
    return (in.get() & 0xff) << 16 | (in.getShort() & 0xffff);
  }

  private record Tag(
      Codec codec, boolean sequenceHeader, boolean end, boolean key, int cts, byte[] payload) {
    static Tag parse(byte[] body, TrackKind track) {
      ByteBuffer in = ByteBuffer.wrap(body);
      int first = in.get() & 0xff;
      return track == TrackKind.VIDEO ? video(in, first) : audio(in, first);
    }

    private static Tag video(ByteBuffer in, int first) {
      boolean key = (first >> 4 & 7) == 1;
      boolean enhanced = (first & 0x80) != 0;
      int packet = enhanced ? first & 15 : in.get();
      Codec codec = enhanced ? FOUR_CC.get(fourCc(in)) : Codec.H264;
      boolean hasOffset = enhanced ? packet == 1 && codec != Codec.AV1 : true;
      int cts = hasOffset ? u24(in) << 8 >> 8 : 0;
      return new Tag(codec, packet == 0, packet == 2 || packet > 3, key, cts, rest(in));
    }

    private static Tag audio(ByteBuffer in, int first) {
      if (first >> 4 == 9) {
        Codec codec = FOUR_CC.get(fourCc(in));
        return new Tag(codec, (first & 15) == 0, (first & 15) > 1, true, 0, rest(in));
      }
      if (first >> 4 == 10) {
        return new Tag(Codec.AAC, in.get() == 0, false, true, 0, rest(in));
      }
      return new Tag(Codec.MP3, false, false, true, 0, rest(in));
    }

    private static String fourCc(ByteBuffer in) {
      byte[] name = new byte[4];
      in.get(name);
      return new String(name, StandardCharsets.US_ASCII);
    }

    private static byte[] rest(ByteBuffer in) {
      byte[] bytes = new byte[in.remaining()];
      in.get(bytes);
      return bytes;
    }
  }
}
