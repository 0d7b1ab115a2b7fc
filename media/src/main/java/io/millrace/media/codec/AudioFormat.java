package io.millrace.media.codec;

import io.millrace.media.Codec;

/**
 * What the rest of the server needs to know of an audio configuration.
 *
 * @param sampleRate Hz; for AAC the core rate that AAC frames count in
 * @param channels 1 to 8
 * @param frameSamples samples of one frame at {@code sampleRate}; 0 when frames vary
 * @param codecs RFC 6381 string, e.g. {@code mp4a.40.2}
 * @param configRecord AudioSpecificConfig, OpusHead, ...; may be empty
 */
public record AudioFormat(
    Codec codec,
    int sampleRate,
    int channels,
    int frameSamples,
    String codecs,
    byte[] configRecord) {}
