/**
 * A player of low-latency HLS that checks what it is served: blocking reloads, delta updates, parts
 * and hints. Entry: {@link io.millrace.testkit.lowlatency.LowLatencyFollower}.
 */
package io.millrace.testkit.lowlatency;
