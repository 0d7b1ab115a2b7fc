package io.millrace.testkit.fmp4;

/**
 * An init segment of one track.
 *
 * @param handler {@code vide} or {@code soun}
 * @param sampleEntry {@code avc1}, {@code hvc1}, {@code av01}, {@code mp4a}, ...
 * @param timescale ticks per second
 * @param width coded width in the sample entry, 0 for audio
 * @param height coded height in the sample entry, 0 for audio
 * @param config contents of avcC, hvcC, av1C or esds
 */
public record Fmp4Init(
    String handler, String sampleEntry, int timescale, int width, int height, byte[] config) {}
