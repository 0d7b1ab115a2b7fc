package io.millrace.media.segment;

import io.millrace.media.Codec;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.CodecException;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.fmp4.Sample;
import java.util.List;

/** The bytes of init segments and fragments, and what configurations say. */
interface Muxing {
  VideoFormat video(Codec codec, byte[] config) throws CodecException;

  AudioFormat audio(Codec codec, byte[] config) throws CodecException;

  byte[] videoInit(VideoFormat format);

  byte[] audioInit(AudioFormat format);

  /** Of an encoder's avcC. */
  byte[] rungInit(byte[] avcC, int width, int height) throws CodecException;

  String initName(byte[] init);

  /**
   * @param number of the fragment among those of its track, ascending
   */
  byte[] fragment(long number, long baseDecodeTime, List<Sample> samples);
}
