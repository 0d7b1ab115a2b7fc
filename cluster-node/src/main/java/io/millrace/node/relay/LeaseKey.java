package io.millrace.node.relay;

/** One publish at one incarnation of its owner. */
public record LeaseKey(String streamId, long epoch, long session) {}
