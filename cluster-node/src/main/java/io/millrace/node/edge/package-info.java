/**
 * What viewers and the API read on this node: immutable snapshots and objects in memory, published
 * by the owners; no actor is asked per request.
 */
package io.millrace.node.edge;
