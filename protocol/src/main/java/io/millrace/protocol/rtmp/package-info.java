/**
 * RTMP as values: handshake, chunk streams, messages, and the two ends of a publish. Entry types:
 * {@link io.millrace.protocol.rtmp.RtmpServerSession} and {@link
 * io.millrace.protocol.rtmp.RtmpClientSession}. Bytes come in by {@code receive}, bytes to send and
 * events go out through a handler; there is no I/O, no clock, no thread and no logging here, and an
 * instance belongs to one thread at a time. Imports {@code io.millrace.protocol.amf} and the JDK.
 *
 * <p>Sources: "Adobe's Real Time Messaging Protocol" 1.0 (2012), "RTMP Errata and Addenda" (2024),
 * Enhanced RTMP v2.
 */
package io.millrace.protocol.rtmp;
