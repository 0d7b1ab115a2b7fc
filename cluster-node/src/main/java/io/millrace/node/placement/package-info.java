/**
 * Where streams live: slots (the shards), the directory stream → slot, how slots are spread over
 * nodes, and who wakes a stream whose owner is gone.
 */
package io.millrace.node.placement;
