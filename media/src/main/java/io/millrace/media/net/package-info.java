/**
 * Sockets without Pekko's TCP: threads that connections live on, and the listener that deals
 * accepted sockets out to them. Knows nothing of what is spoken; used by the RTMP listener, the
 * data port and the viewers' HTTP listener.
 */
package io.millrace.media.net;
