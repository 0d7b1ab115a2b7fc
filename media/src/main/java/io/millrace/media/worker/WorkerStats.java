package io.millrace.media.worker;

/**
 * Periodic figures of a worker.
 *
 * @param lastDecodedPts90k media time of the newest decoded frame
 * @param queuedInput90k media waiting inside the worker
 * @param cpuMillis CPU time of the process so far
 * @param residentBytes resident set
 * @param decodeErrors access units the decoder refused so far
 */
public record WorkerStats(
    long lastDecodedPts90k,
    long queuedInput90k,
    long cpuMillis,
    long residentBytes,
    long decodeErrors) {}
