package io.millrace.http;

import java.time.Instant;

/**
 * This node as the API shows it.
 *
 * @param mode {@code single} or {@code cluster}
 * @param rtmpPort bound port for publishers
 * @param httpPort bound port for viewers
 */
public record NodeInfo(
    String name, String version, String mode, Instant startedAt, int rtmpPort, int httpPort) {}
