package io.millrace.media;

/**
 * One rendition as declared in the multivariant playlist; frozen when the stream starts.
 *
 * @param name URI segment, {@code source}, {@code 1080p}, ..., {@code audio}
 * @param codecs RFC 6381 string of this rendition alone
 * @param width display width, 0 for audio
 * @param height display height, 0 for audio
 * @param frameRate maximum frames per second, 0 for audio
 * @param bandwidthBps declared peak of this rendition including audio, bit/s (RFC 8216 §4.3.4.2)
 * @param averageBandwidthBps declared average including audio, bit/s
 * @param channels audio channels, 0 for video
 */
public record Rendition(
    String name,
    RenditionKind kind,
    String codecs,
    int width,
    int height,
    double frameRate,
    long bandwidthBps,
    long averageBandwidthBps,
    int channels) {}
