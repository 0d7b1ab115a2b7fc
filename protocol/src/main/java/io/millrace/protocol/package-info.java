/** What goes over wires: RTMP, AMF0, FLV tags, relay frames. Pure: no I/O and no clock. */
package io.millrace.protocol;
