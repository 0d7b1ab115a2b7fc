/**
 * What every part of Millrace that touches media shares: one access unit of a publisher ({@link
 * io.millrace.media.MediaUnit}), and one finished segment of one rendition ({@link
 * io.millrace.media.MediaSegment}). Pure values; may import the JDK only.
 */
package io.millrace.media;
