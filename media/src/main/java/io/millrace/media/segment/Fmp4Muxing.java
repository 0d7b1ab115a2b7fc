package io.millrace.media.segment;

import io.millrace.media.Codec;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.AudioFormats;
import io.millrace.media.codec.CodecException;
import io.millrace.media.codec.CodecLimits;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.codec.VideoFormats;
import io.millrace.media.fmp4.Fragments;
import io.millrace.media.fmp4.InitNames;
import io.millrace.media.fmp4.InitSegments;
import io.millrace.media.fmp4.Sample;
import java.util.List;

/** The real thing. */
final class Fmp4Muxing implements Muxing {
  private final CodecLimits limits = CodecLimits.standard();

  @Override
  public VideoFormat video(Codec codec, byte[] config) throws CodecException {
    return VideoFormats.parse(codec, config, limits);
  }

  @Override
  public AudioFormat audio(Codec codec, byte[] config) throws CodecException {
    return AudioFormats.parse(codec, config, limits);
  }

  @Override
  public byte[] videoInit(VideoFormat format) {
    return InitSegments.video(format);
  }

  @Override
  public byte[] audioInit(AudioFormat format) {
    return InitSegments.audio(format);
  }

  @Override
  public byte[] rungInit(byte[] avcC, int width, int height) throws CodecException {
    VideoFormats.parse(Codec.H264, avcC, limits);
    return InitSegments.videoFromAvcC(avcC, width, height);
  }

  @Override
  public String initName(byte[] init) {
    return InitNames.of(init);
  }

  @Override
  public byte[] fragment(long number, long baseDecodeTime, List<Sample> samples) {
    return Fragments.write((int) (number + 1), baseDecodeTime, samples);
  }
}
