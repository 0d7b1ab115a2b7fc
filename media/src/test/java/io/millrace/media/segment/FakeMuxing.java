package io.millrace.media.segment;

import io.millrace.media.Codec;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.CodecException;
import io.millrace.media.codec.ColorDescription;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.fmp4.Sample;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text instead of boxes. Video configuration: {@code WxH@fps codecs}; audio: {@code rate}. */
final class FakeMuxing implements Muxing {

  /** A codecs string that ends in this stands for a PQ source. */
  static final String HDR = ".hdr";

  private static final ColorDescription PQ = new ColorDescription(9, 16, 9, false);

  static byte[] videoConfig(int width, int height, int fps, String codecs) {
    return (width + "x" + height + "@" + fps + " " + codecs).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public VideoFormat video(Codec codec, byte[] config) throws CodecException {
    String text = text(config);
    if (!text.contains("x")) {
      throw new CodecException("configuration: " + text + " (expected: WxH@fps codecs)");
    }
    String[] parts = text.split("[x@ ]", -1);
    int width = Integer.parseInt(parts[0]);
    int height = Integer.parseInt(parts[1]);
    return new VideoFormat(
        codec,
        width,
        height,
        width,
        height,
        Double.parseDouble(parts[2]),
        100,
        40,
        parts[3],
        codec == Codec.H264,
        parts[3].endsWith(HDR),
        parts[3].endsWith(HDR) ? PQ : ColorDescription.UNSPECIFIED,
        config);
  }

  @Override
  public AudioFormat audio(Codec codec, byte[] config) {
    int rate = Integer.parseInt(text(config));
    return new AudioFormat(codec, rate, 2, codec == Codec.AAC ? 1024 : 0, "mp4a.40.2", config);
  }

  @Override
  public byte[] videoInit(VideoFormat format) {
    return ("video " + text(format.configRecord())).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] audioInit(AudioFormat format) {
    return ("audio " + text(format.configRecord())).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] rungInit(byte[] avcC, int width, int height) {
    return ("rung " + width + "x" + height + " " + text(avcC)).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String initName(byte[] init) {
    return "init-" + Integer.toHexString(text(init).hashCode()) + ".mp4";
  }

  @Override
  public byte[] fragment(long msn, long baseDecodeTime, List<Sample> samples) {
    StringBuilder text = new StringBuilder().append(baseDecodeTime);
    for (Sample s : samples) {
      text.append('\n').append(s.durationTicks()).append(' ').append(s.compositionOffsetTicks());
      text.append(s.sync() ? " sync " : " - ").append(text(s.data()));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
