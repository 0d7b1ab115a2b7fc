package io.millrace.media.codec;

import io.millrace.media.Codec;
import java.util.Arrays;

/** Entry point for audio configurations. */
public final class AudioFormats {
  private static final int MIN_RATE = 7_350;
  private static final int MAX_RATE = 96_000;

  private AudioFormats() {}

  /**
   * Parses and validates a configuration.
   *
   * @param config AAC: AudioSpecificConfig; Opus: OpusHead; FLAC: {@code fLaC} and STREAMINFO, or
   *     STREAMINFO alone; MP3 and AC-3, which have none: the first bytes of a frame
   * @throws CodecException when it breaks its codec's syntax or a limit
   */
  public static AudioFormat parse(Codec codec, byte[] config, CodecLimits limits)
      throws CodecException {
    limits.checkConfigSize(config);
    AudioFormat format;
    switch (codec) {
      case AAC -> {
        format = AudioSpecificConfig.parse(config).format(config);
      }
      case OPUS -> {
        format = OpusHead.parse(config);
      }
      case MP3 -> {
        format = Mp3Header.parse(config);
      }
      case FLAC -> {
        format = FlacStreamInfo.parse(config);
      }
      case AC3 -> {
        format = Ac3Header.parse(config);
      }
      default -> {
        throw Rules.broken("codec", codec, "an audio codec");
      }
    }
    Rules.range("sampleRate", format.sampleRate(), MIN_RATE, MAX_RATE);
    Rules.range("channels", format.channels(), 1, 8);
    return format;
  }

  /**
   * The configuration that a frame of a codec without configuration messages carries in itself.
   *
   * @param frame one MP3 or AC-3 frame
   * @return its header bytes, equal for frames of equal format; goes into {@link #parse}
   * @throws CodecException when the frame has no valid header
   */
  public static byte[] configOfFrame(Codec codec, byte[] frame) throws CodecException {
    return switch (codec) {
      case MP3 -> Mp3Header.configOf(frame);
      case AC3 -> Ac3Header.configOf(frame);
      default -> throw Rules.broken("codec", codec, "MP3 or AC3");
    };
  }

  static byte[] head(String field, byte[] frame, int count) throws CodecException {
    if (frame.length < count) {
      throw Rules.broken(field, frame.length + " bytes", "at least " + count);
    }
    return Arrays.copyOf(frame, count);
  }
}
