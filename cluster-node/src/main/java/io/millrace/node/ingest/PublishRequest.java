package io.millrace.node.ingest;

/**
 * A publish that passed authorisation.
 *
 * @param streamId {@code [A-Za-z0-9_-]{1,64}}
 * @param peer address of the broadcaster, for logs
 */
public record PublishRequest(String streamId, String peer) {}
