/**
 * From an accepted publish to the stream's owner: numbers units, keeps each until it is
 * acknowledged as durable, replays to a new owner. Between nodes the frames go over a data port, on
 * one node through {@link io.millrace.node.relay.InProcessLink}; both keep the same contract.
 */
package io.millrace.node.relay;
