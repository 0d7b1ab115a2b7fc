package io.millrace.node.relay;

/**
 * Asks for the publish lease of a stream.
 *
 * @param requestId the same in every repetition of one request
 * @param resumeSession session to go on with after the owner was lost, 0 for a new publish
 * @param peer address of the broadcaster, for logs
 */
public record LeaseRequest(
    String streamId, String requestId, long resumeSession, String peer, String encoder) {}
