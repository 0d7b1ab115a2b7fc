/**
 * The transcoding worker: a process of its own that decodes once, scales in a cascade and encodes
 * each rung, and the node's side of its pipes. Only this package imports {@code org.bytedeco}. The
 * protocol is spoken over the worker's stdin and stdout; times are media time in 90 kHz ticks.
 */
package io.millrace.media.worker;
