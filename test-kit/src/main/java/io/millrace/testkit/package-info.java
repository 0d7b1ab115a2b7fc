/**
 * Fixtures for tests of whole nodes: waiting for conditions, node processes, publishers, browsers,
 * playlists and media. Everything here speaks to a node through its public interfaces only.
 */
package io.millrace.testkit;
