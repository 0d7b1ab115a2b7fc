package io.millrace.media.worker;

import io.millrace.media.TrackKind;

/**
 * One access unit for the worker.
 *
 * @param seq session sequence number; comes back on every packet made from it
 * @param generation of the configuration it needs
 * @param dts media time, 90 kHz ticks
 * @param pts media time, 90 kHz ticks
 * @param idr the source unit is an IDR (an IDR is then forced in every rung)
 * @param forceIdr force an IDR in every rung at this frame although the source has none
 * @param encodeFromPts rungs skip frames before this media time (replay: decode only), 90 kHz ticks
 */
public record WorkerUnit(
    long seq,
    int generation,
    TrackKind track,
    long dts,
    long pts,
    boolean idr,
    boolean forceIdr,
    long encodeFromPts,
    byte[] data) {}
