package io.millrace.testkit.fmp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads one-track init segments and fragments. Everything unexpected is an {@link
 * IllegalArgumentException}.
 */
public final class Fmp4Reader {
  private static final int NON_SYNC = 0x10000;
  private static final int VISUAL_ENTRY_BYTES = 78;
  private static final int AUDIO_ENTRY_BYTES = 28;
  private static final Map<String, String> CONFIG_OF_ENTRY =
      Map.of("avc1", "avcC", "hvc1", "hvcC", "av01", "av1C", "mp4a", "esds");

  private Fmp4Reader() {}

  /** Reads {@code ftyp} and {@code moov}. */
  public static Fmp4Init init(byte[] bytes) {
    Boxes file = Boxes.in(ByteBuffer.wrap(bytes));
    file.get("ftyp");
    Boxes mdia = Boxes.in(file.get("moov", "trak", "mdia").body());
    int timescale = mdia.get("mdhd").body().getInt(mdia.get("mdhd").body().position() + 12);
    ByteBuffer hdlr = mdia.get("hdlr").fresh();
    String handler = ascii(hdlr, hdlr.position() + 8);
    ByteBuffer stsd = mdia.get("minf", "stbl", "stsd").fresh();
    stsd.position(stsd.position() + 8);
    Boxes.Box entry = Boxes.in(stsd).list().get(0);
    boolean video = handler.equals("vide");
    ByteBuffer in = entry.fresh();
    int start = in.position();
    int width = video ? in.getShort(start + 24) & 0xFFFF : 0;
    int height = video ? in.getShort(start + 26) & 0xFFFF : 0;
    in.position(start + (video ? VISUAL_ENTRY_BYTES : AUDIO_ENTRY_BYTES));
    String configType = CONFIG_OF_ENTRY.get(entry.type());
    if (configType == null) {
      throw new IllegalArgumentException("sample entry: " + entry.type());
    }
    byte[] config = bytes(Boxes.in(in).get(configType).fresh());
    return new Fmp4Init(handler, entry.type(), timescale, width, height, config);
  }

  /** Reads all fragments of a segment, in order. */
  public static List<Fmp4Fragment> fragments(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    List<Fmp4Fragment> fragments = new ArrayList<>();
    for (Boxes.Box box : Boxes.in(file).list()) {
      if (box.type().equals("moof")) {
        fragments.add(fragment(file, box));
      }
    }
    return fragments;
  }

  private static Fmp4Fragment fragment(ByteBuffer file, Boxes.Box moof) {
    Boxes boxes = Boxes.in(moof.body());
    ByteBuffer mfhd = boxes.get("mfhd").fresh();
    mfhd.getInt();
    long sequenceNumber = mfhd.getInt() & 0xFFFFFFFFL;
    Boxes traf = Boxes.in(boxes.get("traf").body());
    ByteBuffer tfdt = traf.get("tfdt").fresh();
    boolean wide = tfdt.getInt() >>> 24 == 1;
    long base = wide ? tfdt.getLong() : tfdt.getInt() & 0xFFFFFFFFL;
    Defaults defaults = Defaults.read(traf.get("tfhd").fresh());
    List<Fmp4Sample> samples = samples(file, moof.offset(), traf, defaults, base);
    return new Fmp4Fragment(sequenceNumber, base, samples);
  }

  private static List<Fmp4Sample> samples(
      ByteBuffer file, int moofOffset, Boxes traf, Defaults defaults, long base) {
    ByteBuffer trun = traf.get("trun").fresh();
    int flags = trun.getInt() & 0xFFFFFF;
    int count = trun.getInt();
    int at = moofOffset + ((flags & 0x1) != 0 ? trun.getInt() : 0);
    int firstFlags = (flags & 0x4) != 0 ? trun.getInt() : -1;
    List<Fmp4Sample> samples = new ArrayList<>();
    long dts = base;
    for (int i = 0; i < count; i++) {
      int duration = (flags & 0x100) != 0 ? trun.getInt() : defaults.duration();
      int size = (flags & 0x200) != 0 ? trun.getInt() : defaults.size();
      int sampleFlags = (flags & 0x400) != 0 ? trun.getInt() : defaults.flags();
      if (i == 0 && firstFlags != -1) {
        sampleFlags = firstFlags;
      }
      int composition = (flags & 0x800) != 0 ? trun.getInt() : 0;
      if (size < 0 || at < 0 || size > file.limit() - at) {
        throw new IllegalArgumentException("sample " + i + ": past the end of the file");
      }
      byte[] data = new byte[size];
      file.get(at, data);
      boolean sync = (sampleFlags & NON_SYNC) == 0;
      samples.add(new Fmp4Sample(dts, duration, composition, sync, data));
      at += size;
      dts += duration;
    }
    return samples;
  }

  /** {@code tfhd}; fields that are not there are 0. */
  private record Defaults(int duration, int size, int flags) {
    static Defaults read(ByteBuffer tfhd) {
      int flags = tfhd.getInt() & 0xFFFFFF;
      if ((flags & 0x20000) == 0) {
        throw new IllegalArgumentException("tfhd: default-base-is-moof is not set");
      }
      tfhd.getInt();
      if ((flags & 0x1) != 0) {
        tfhd.getLong();
      }
      if ((flags & 0x2) != 0) {
        tfhd.getInt();
      }
      int duration = (flags & 0x8) != 0 ? tfhd.getInt() : 0;
      int size = (flags & 0x10) != 0 ? tfhd.getInt() : 0;
      int sampleFlags = (flags & 0x20) != 0 ? tfhd.getInt() : 0;
      return new Defaults(duration, size, sampleFlags);
    }
  }

  private static String ascii(ByteBuffer in, int at) {
    byte[] text = new byte[4];
    in.get(at, text);
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return bytes;
  }
}
