/**
 * A broadcaster: sends FLV tags to an RTMP address in real time. {@link
 * io.millrace.media.publish.RtmpPublisher} is one publishing connection, {@link
 * io.millrace.media.publish.Broadcast} paces a {@link io.millrace.media.publish.TagSource} into it
 * and comes back after a loss. Used by the command line and by tests. Threads and blocking sockets
 * of the JDK; nothing of it runs inside a server.
 */
package io.millrace.media.publish;
