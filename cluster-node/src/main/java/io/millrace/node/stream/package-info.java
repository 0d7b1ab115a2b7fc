/**
 * The owner of a stream: the sharded entity {@link io.millrace.node.stream.StreamActor} with its
 * children, and the serial runner that holds the media pipeline. Control goes through actors, media
 * through the runner; neither waits for the other.
 */
package io.millrace.node.stream;
