package io.millrace.media.worker;

/**
 * Turns one rung on or thins its frames, from the next IDR on; or off, at once.
 *
 * @param divisor 1 encodes each frame, 2 every second one (forced IDRs always)
 */
public record RungSwitch(String rung, boolean active, int divisor) {}
