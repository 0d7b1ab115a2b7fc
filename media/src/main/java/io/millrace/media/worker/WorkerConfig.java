package io.millrace.media.worker;

import io.millrace.media.Codec;
import io.millrace.media.TrackKind;
import java.util.List;
import java.util.Optional;

/**
 * Opens (or, with a new generation, drains and reopens) the decoder of one track and its encoders.
 *
 * @param generation the pipeline's own count of configurations of this track, rising
 * @param extradata avcC, hvcC, av1C, AudioSpecificConfig, OpusHead, ...; validated
 * @param rungs video rungs from the largest to the smallest; empty for audio
 * @param audio the AAC rung, for an audio track that is transcoded
 */
public record WorkerConfig(
    int generation,
    TrackKind track,
    Codec codec,
    byte[] extradata,
    List<RungSettings> rungs,
    Optional<AudioRungSettings> audio) {

  public WorkerConfig {
    rungs = List.copyOf(rungs);
  }
}
