/** From FLV tags (legacy and Enhanced RTMP) to {@link io.millrace.media.MediaUnit}s. */
package io.millrace.media.demux;
