package io.millrace.media.worker;

/**
 * One packet of one rung.
 *
 * @param rung rendition name, {@code audio} for transcoded audio
 * @param generation of the configuration of the frame it was made from
 * @param sourceSeq sequence number of the unit it was made from (carried on the frame)
 * @param pts media time, 90 kHz ticks for video; samples on the audio grid for {@code audio}
 * @param dts same unit as {@code pts}; equals it, as there are no B-frames
 * @param data length-prefixed NAL units (4-byte lengths) without parameter sets, or one AAC frame
 */
public record EncodedPacket(
    String rung, int generation, long sourceSeq, long pts, long dts, boolean idr, byte[] data) {}
