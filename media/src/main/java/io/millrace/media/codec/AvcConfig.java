package io.millrace.media.codec;

import io.millrace.media.Codec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * AVCDecoderConfigurationRecord. Source: ISO/IEC 14496-15 §5.3.3.1.
 *
 * @param nalLengthSize bytes of a NAL unit's length in the publisher's samples
 * @param parameterSets SPS and PPS as they came, with header byte
 * @param record the same record for samples with 4-byte lengths
 */
record AvcConfig(int nalLengthSize, List<H264Sps> sps, List<byte[]> parameterSets, byte[] record) {

  private static final int LENGTH_SIZE_AT = 4;

  /** Profiles whose record ends in chroma format and bit depths. */
  private static final Set<Integer> WITH_EXTENSION = Set.of(100, 110, 122, 144);

  static AvcConfig parse(byte[] config, CodecLimits limits) throws CodecException {
    limits.checkConfigSize(config);
    ByteCursor in = new ByteCursor(config);
    Rules.range("avcC.version", in.u8("avcC.version"), 1, 1);
    in.skip("avcC.profile", 3);
    int nalLengthSize = (in.u8("avcC.lengthSize") & 3) + 1;
    if (nalLengthSize == 3) {
      throw Rules.broken("avcC.nalLengthSize", 3, "1, 2 or 4");
    }
    List<byte[]> sets = new ArrayList<>();
    List<H264Sps> sps = new ArrayList<>();
    int spsCount = in.u8("avcC.spsCount") & 0x1F;
    for (int i = 0; i < spsCount; i++) {
      byte[] nal = set(in, "avcC.sps");
      sps.add(H264Sps.parse(nal, limits));
      sets.add(nal);
    }
    int ppsCount = in.u8("avcC.ppsCount");
    for (int i = 0; i < ppsCount; i++) {
      byte[] nal = set(in, "avcC.pps");
      Rules.range("avcC.pps.nalType", nal[0] & 0x1F, 8, 8);
      sets.add(nal);
    }
    Rules.range("avcC.spsCount", spsCount, 1, 31);
    Rules.range("avcC.ppsCount", ppsCount, 1, 255);
    byte[] record = config.clone();
    record[LENGTH_SIZE_AT] = (byte) 0xFF;
    record[LENGTH_SIZE_AT + 1] |= (byte) 0xE0;
    return new AvcConfig(nalLengthSize, List.copyOf(sps), List.copyOf(sets), record);
  }

  /** A record of these parameter sets, the first SPS being the one that counts. */
  static byte[] record(int nalLengthSize, List<byte[]> sps, List<byte[]> pps, CodecLimits limits)
      throws CodecException {
    H264Sps first = H264Sps.parse(sps.get(0), limits);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1);
    out.write(sps.get(0), 1, 3);
    out.write(0xFC | nalLengthSize - 1);
    out.write(0xE0 | Rules.range("avcC.spsCount", sps.size(), 1, 31));
    sps.forEach(set -> write(out, set));
    out.write(Rules.range("avcC.ppsCount", pps.size(), 1, 255));
    pps.forEach(set -> write(out, set));
    if (WITH_EXTENSION.contains(first.profile())) {
      out.write(0xFC | first.chromaFormat());
      out.write(0xF8 | first.bitDepth() - 8);
      out.write(0xF8 | first.bitDepth() - 8);
      out.write(0);
    }
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, byte[] set) {
    out.write(set.length >> 8);
    out.write(set.length);
    out.writeBytes(set);
  }

  private static byte[] set(ByteCursor in, String field) throws CodecException {
    int size = in.u16(field);
    if (size == 0) {
      throw Rules.broken(field, "0 bytes", "at least 1");
    }
    return in.bytes(field, size);
  }

  VideoFormat format() {
    H264Sps first = sps.get(0);
    ColorDescription color = first.usability().color();
    return new VideoFormat(
        Codec.H264,
        first.width(),
        first.height(),
        first.usability().displayWidth(first.width()),
        first.usability().displayHeight(first.height()),
        first.frameRate(),
        first.profile(),
        first.level(),
        String.format(
            Locale.ROOT, "avc1.%02x%02x%02x", first.profile(), first.constraints(), first.level()),
        sps.stream().allMatch(H264Sps::widelyPlayable),
        VideoFormats.isHdr(color),
        color,
        record);
  }
}
