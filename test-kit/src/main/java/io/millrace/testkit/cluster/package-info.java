/**
 * A cluster of real node processes with a real Redis: {@link
 * io.millrace.testkit.cluster.ClusterFixture}.
 */
package io.millrace.testkit.cluster;
