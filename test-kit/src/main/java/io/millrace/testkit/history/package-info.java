/**
 * What a stream showed on every node of a cluster, and whether that can be true: {@link
 * io.millrace.testkit.history.ClusterRecorder} collects, {@link
 * io.millrace.testkit.history.HistoryChecker} judges.
 */
package io.millrace.testkit.history;
