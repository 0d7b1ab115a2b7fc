/**
 * Everything that speaks HTTP: HLS, the control API, health, metrics, pages. The ports it needs
 * from a node are declared here ({@link io.millrace.http.HlsPort}, {@link
 * io.millrace.http.StreamsPort}, {@link io.millrace.http.HealthPort}) and implemented by {@code
 * cluster-node}. No actor is asked and no store is read per viewer's request.
 */
package io.millrace.http;
