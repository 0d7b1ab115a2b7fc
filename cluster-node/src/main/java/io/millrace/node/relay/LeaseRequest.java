package io.millrace.node.relay;

/**
 * Asks for the publish lease of a stream.
 *
 * @param requestId the same in every repetition of one request
 * @param resumeSession session to go on with after the owner was lost, 0 for a new publish
 * @param peer of the broadcaster, {@code address:port}; the address tells one that comes back from
 *     another one
 */
public record LeaseRequest(String streamId, String requestId, long resumeSession, String peer) {}
