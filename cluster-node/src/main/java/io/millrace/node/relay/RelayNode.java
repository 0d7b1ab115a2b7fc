package io.millrace.node.relay;

/** What all relays of a node share. */
record RelayNode(RelayCounters counters, RelaySpill spill, AcceptLog log) {}
