package io.millrace.media.worker;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** H.264 byte streams (ISO/IEC 14496-10 Annex B) as encoders write them, turned into MP4's form. */
final class AnnexB {
  private static final int SLICE = 1;
  private static final int IDR_SLICE = 5;
  private static final int SPS = 7;
  private static final int PPS = 8;

  /** Half-open range of one NAL unit's bytes, without its start code. */
  private record Nal(int from, int to) {}

  private AnnexB() {}

  private static List<Nal> split(byte[] stream, int length) {
    List<Nal> nals = new ArrayList<>(4);
    int start = -1;
    int i = 0;
    while (i + 2 < length) {
      if (stream[i + 2] > 1) {
        i += 3;
      } else if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
        addNal(nals, stream, start, i);
        start = i + 3;
        i += 3;
      } else {
        i++;
      }
    }
    addNal(nals, stream, start, length);
    return nals;
  }

  private static void addNal(List<Nal> nals, byte[] stream, int from, int before) {
    int to = before;
    while (from >= 0 && to > from && stream[to - 1] == 0) {
      to--; // trailing_zero_8bits, or the first zero of a four-byte start code
    }
    if (from >= 0 && to > from) {
      nals.add(new Nal(from, to));
    }
  }

  /**
   * The slices of one access unit, each behind a 4-byte length; parameter sets, SEI and delimiters
   * are left out.
   */
  static byte[] lengthPrefixed(byte[] stream, int length) {
    List<Nal> slices = split(stream, length);
    slices.removeIf(nal -> !isSlice(stream[nal.from()] & 0x1f));
    int size = 0;
    for (Nal nal : slices) {
      size += 4 + nal.to() - nal.from();
    }
    byte[] out = new byte[size];
    int at = 0;
    for (Nal nal : slices) {
      int n = nal.to() - nal.from();
      out[at] = (byte) (n >>> 24);
      out[at + 1] = (byte) (n >>> 16);
      out[at + 2] = (byte) (n >>> 8);
      out[at + 3] = (byte) n;
      System.arraycopy(stream, nal.from(), out, at + 4, n);
      at += 4 + n;
    }
    return out;
  }

  private static boolean isSlice(int nalType) {
    return nalType >= SLICE && nalType <= IDR_SLICE;
  }

  /**
   * The avcC record of an encoder's global header (ISO/IEC 14496-15 §5.3.3.1), for 4:2:0 8-bit.
   *
   * @throws NativeException when the header has no SPS or no PPS
   */
  static byte[] avcC(byte[] header) throws NativeException {
    List<Nal> nals = split(header, header.length);
    List<Nal> sps = nals.stream().filter(n -> (header[n.from()] & 0x1f) == SPS).toList();
    List<Nal> pps = nals.stream().filter(n -> (header[n.from()] & 0x1f) == PPS).toList();
    if (sps.isEmpty() || pps.isEmpty() || sps.get(0).to() - sps.get(0).from() < 4) {
      throw new NativeException("encoder header: no parameter sets (expected: SPS and PPS)");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    int profileAt = sps.get(0).from() + 1;
    out.write(1);
    out.write(header, profileAt, 3);
    out.write(0xff); // 4-byte lengths
    out.write(0xe0 | sps.size());
    sps.forEach(nal -> writeSet(out, header, nal));
    out.write(pps.size());
    pps.forEach(nal -> writeSet(out, header, nal));
    if ((header[profileAt] & 0xff) >= 100) {
      out.write(0xfc | 1); // chroma_format 4:2:0
      out.write(0xf8); // 8-bit luma
      out.write(0xf8); // 8-bit chroma
      out.write(0); // no SPS extensions
    }
    return out.toByteArray();
  }

  private static void writeSet(ByteArrayOutputStream out, byte[] header, Nal nal) {
    int n = nal.to() - nal.from();
    out.write(n >>> 8);
    out.write(n);
    out.write(header, nal.from(), n);
  }
}
