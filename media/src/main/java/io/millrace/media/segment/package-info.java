/**
 * From a publisher's units to finished segments: timeline, segmenter, packagers, and the pipeline
 * that holds them for one stream. Single-threaded and without clock or I/O: time comes in as an
 * argument.
 */
package io.millrace.media.segment;
