package io.millrace.media.worker;

/**
 * AAC-LC encoder of a stream whose audio is not AAC; frozen at stream start. Rung name {@code
 * audio}.
 */
public record AudioRungSettings(int sampleRate, int channels, int bitrateBps) {}
