package io.millrace.http;

/**
 * All that the HTTP server needs from a node.
 *
 * @param viewers filled by the server, read by the node's {@link StreamsPort}
 */
public record HttpPorts(
    HlsPort hls,
    StreamsPort streams,
    HealthPort health,
    NodePort node,
    ClusterPort cluster,
    ViewerTracker viewers) {}
