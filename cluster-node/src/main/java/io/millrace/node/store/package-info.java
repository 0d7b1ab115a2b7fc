/**
 * File stores of one node: durable state ({@link io.millrace.node.store.FileStateStore}), segments
 * ({@link io.millrace.node.store.FileSegmentStore}), the stream directory, and the data directory
 * with its lock. The cluster's Redis stores keep the same contracts.
 */
package io.millrace.node.store;
