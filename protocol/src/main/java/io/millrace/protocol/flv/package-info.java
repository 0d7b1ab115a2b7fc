/**
 * FLV tags, legacy and Enhanced RTMP v2: the bodies of RTMP audio and video messages, and FLV
 * files. Entry points: {@link io.millrace.protocol.flv.FlvVideoTag#parse}, {@link
 * io.millrace.protocol.flv.FlvAudioTag#parse}, {@link io.millrace.protocol.flv.FlvReader}, {@link
 * io.millrace.protocol.flv.FlvWriter}. May import the JDK only.
 */
package io.millrace.protocol.flv;
