/**
 * Sockets that carry media: threads that connections live on, and the listener that deals accepted
 * sockets out to them. Knows nothing of what is spoken; used by the RTMP listener and the data
 * port.
 */
package io.millrace.node.net;
