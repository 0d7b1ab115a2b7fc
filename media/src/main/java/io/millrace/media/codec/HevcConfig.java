package io.millrace.media.codec;

import io.millrace.media.Codec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * HEVCDecoderConfigurationRecord. Source: ISO/IEC 14496-15 §8.3.3.1.
 *
 * @param nalLengthSize bytes of a NAL unit's length in the publisher's samples
 * @param record the same record for samples with 4-byte lengths and no parameter sets in them
 */
record HevcConfig(int nalLengthSize, HevcSps sps, byte[] record) {
  private static final int VPS = 32;
  private static final int PPS = 34;
  private static final int MAX_NALS = 64;
  private static final int FIXED_BYTES = 22;

  static HevcConfig parse(byte[] config, CodecLimits limits) throws CodecException {
    limits.checkConfigSize(config);
    ByteCursor in = new ByteCursor(config);
    // Some encoders write version 0; the layout is the same.
    Rules.range("hvcC.version", in.u8("hvcC.version"), 0, 1);
    in.skip("hvcC", FIXED_BYTES - 2);
    int nalLengthSize = (in.u8("hvcC.lengthSize") & 3) + 1;
    if (nalLengthSize == 3) {
      throw Rules.broken("hvcC.nalLengthSize", 3, "1, 2 or 4");
    }
    Map<Integer, List<byte[]>> arrays = arrays(in);
    for (int type : new int[] {VPS, HevcSps.NAL_TYPE, PPS}) {
      if (!arrays.containsKey(type)) {
        throw Rules.broken("hvcC.nalType" + type, "missing", "at least 1");
      }
    }
    HevcSps first = null;
    for (byte[] nal : arrays.get(HevcSps.NAL_TYPE)) {
      HevcSps sps = HevcSps.parse(nal, limits);
      first = first == null ? sps : first;
    }
    return new HevcConfig(nalLengthSize, first, write(config, first, arrays));
  }

  private static Map<Integer, List<byte[]>> arrays(ByteCursor in) throws CodecException {
    Map<Integer, List<byte[]>> arrays = new TreeMap<>();
    int arrayCount = in.u8("hvcC.numOfArrays");
    int nals = 0;
    for (int i = 0; i < arrayCount; i++) {
      int type = in.u8("hvcC.nalType") & 0x3F;
      int count = in.u16("hvcC.numNalus");
      nals = Rules.range("hvcC.numNalus", (long) nals + count, 0, MAX_NALS);
      for (int j = 0; j < count; j++) {
        int size = in.u16("hvcC.nalUnit");
        if (size < 2) {
          throw Rules.broken("hvcC.nalUnit", size + " bytes", "at least 2");
        }
        byte[] nal = in.bytes("hvcC.nalUnit", size);
        Rules.range("hvcC.nalUnit.type", nal[0] >> 1 & 0x3F, type, type);
        arrays.computeIfAbsent(type, t -> new ArrayList<>()).add(nal);
      }
    }
    return arrays;
  }

  private static byte[] write(byte[] config, HevcSps sps, Map<Integer, List<byte[]>> arrays) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(config.length);
    out.write(1);
    out.writeBytes(sps.generalBytes());
    out.write(config[13] | 0xF0);
    out.write(config[14]);
    out.write(config[15] | 0xFC);
    out.write(sps.chromaFormat() | 0xFC);
    out.write((sps.bitDepthLuma() - 8) | 0xF8);
    out.write((sps.bitDepthChroma() - 8) | 0xF8);
    out.write(config, 19, 2);
    out.write(config[21] | 3);
    out.write(arrays.size());
    arrays.forEach(
        (type, nals) -> {
          out.write(type <= PPS ? 0x80 | type : type);
          out.write(nals.size() >> 8);
          out.write(nals.size());
          for (byte[] nal : nals) {
            out.write(nal.length >> 8);
            out.write(nal.length);
            out.writeBytes(nal);
          }
        });
    return out.toByteArray();
  }

  VideoFormat format() {
    ColorDescription color = sps.usability().color();
    return new VideoFormat(
        Codec.HEVC,
        sps.width(),
        sps.height(),
        sps.usability().displayWidth(sps.width()),
        sps.usability().displayHeight(sps.height()),
        sps.frameRate(),
        sps.profile(),
        sps.level(),
        codecs(sps.generalBytes()),
        false,
        VideoFormats.isHdr(color),
        color,
        record);
  }

  /** {@code hvc1.P.C.Lx.B}. Source: ISO/IEC 14496-15 §E.3. */
  private static String codecs(byte[] general) {
    StringBuilder s = new StringBuilder("hvc1.");
    int space = general[0] >> 6 & 3;
    if (space > 0) {
      s.append((char) ('A' + space - 1));
    }
    s.append(general[0] & 0x1F).append('.');
    int compatibility = 0;
    for (int i = 1; i <= 4; i++) {
      compatibility = compatibility << 8 | (general[i] & 0xFF);
    }
    s.append(Integer.toHexString(Integer.reverse(compatibility)));
    s.append((general[0] & 0x20) == 0 ? ".L" : ".H").append(general[11] & 0xFF);
    int last = 10;
    while (last >= 5 && general[last] == 0) {
      last--;
    }
    for (int i = 5; i <= last; i++) {
      s.append('.').append(Integer.toHexString(general[i] & 0xFF).toUpperCase(Locale.ROOT));
    }
    return s.toString();
  }
}
