package io.millrace.media.fmp4;

import io.millrace.media.codec.ColorDescription;
import java.math.BigInteger;

/** Video sample entry with its configuration box. Source: ISO/IEC 14496-12 §12.1.3. */
record VisualEntry(
    String type,
    String configType,
    byte[] config,
    int width,
    int height,
    int displayWidth,
    int displayHeight,
    ColorDescription color)
    implements Movie.SampleEntry {

  private static final int DPI_72 = 0x00480000;

  @Override
  public void write(BoxWriter out) {
    int entry = out.box(type);
    out.zeros(6);
    out.u16(1); // data_reference_index
    out.zeros(16);
    out.u16(width);
    out.u16(height);
    out.u32(DPI_72);
    out.u32(DPI_72);
    out.u32(0);
    out.u16(1); // frame_count
    out.zeros(32); // compressorname
    out.u16(24); // depth
    out.u16(0xFFFF);
    int box = out.box(configType);
    out.bytes(config);
    out.end(box);
    if (!color.equals(ColorDescription.UNSPECIFIED)) {
      color(out);
    }
    if (displayWidth != width || displayHeight != height) {
      pixelAspect(out);
    }
    out.end(entry);
  }

  private void color(BoxWriter out) {
    int colr = out.box("colr");
    out.ascii("nclx");
    out.u16(color.primaries());
    out.u16(color.transfer());
    out.u16(color.matrix());
    out.u8(color.fullRange() ? 0x80 : 0);
    out.end(colr);
  }

  private void pixelAspect(BoxWriter out) {
    int horizontal = displayWidth * height;
    int vertical = displayHeight * width;
    int divisor = BigInteger.valueOf(horizontal).gcd(BigInteger.valueOf(vertical)).intValue();
    int pasp = out.box("pasp");
    out.u32(horizontal / divisor);
    out.u32(vertical / divisor);
    out.end(pasp);
  }
}
