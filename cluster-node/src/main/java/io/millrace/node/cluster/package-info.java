/**
 * What makes a node one of many: its settings, joining and leaving, who is reachable, and where the
 * other nodes listen.
 */
package io.millrace.node.cluster;
