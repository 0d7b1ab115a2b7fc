/**
 * RTMP listener and connections: from a socket to {@link io.millrace.media.MediaUnit}s of an
 * accepted publish. Knows nothing of where a stream lives: that is behind {@link
 * io.millrace.node.ingest.PublishGateway}.
 */
package io.millrace.node.ingest;
