package io.millrace.media.codec;

import io.millrace.media.Codec;

/**
 * What the rest of the server needs to know of a video configuration; made by {@code VideoFormats}
 * from validated parameter sets.
 *
 * @param codedWidth luma width after cropping
 * @param codedHeight luma height after cropping
 * @param displayWidth width with the sample aspect ratio applied
 * @param displayHeight height with the sample aspect ratio applied
 * @param frameRate frames per second by VUI timing, 0 when not given
 * @param codecs RFC 6381 string, e.g. {@code avc1.64001f}
 * @param widelyPlayable H.264 4:2:0 8-bit, level at most 5.2, progressive
 * @param hdr transfer function is PQ or HLG
 * @param color colour description, ISO/IEC 23091-2 code points
 * @param configRecord avcC / hvcC / av1C contents, normalised (HEVC: parameter sets only here)
 */
public record VideoFormat(
    Codec codec,
    int codedWidth,
    int codedHeight,
    int displayWidth,
    int displayHeight,
    double frameRate,
    int profile,
    int level,
    String codecs,
    boolean widelyPlayable,
    boolean hdr,
    ColorDescription color,
    byte[] configRecord) {}
