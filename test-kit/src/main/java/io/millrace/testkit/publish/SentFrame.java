package io.millrace.testkit.publish;

/**
 * One video frame that was handed to the socket whole.
 *
 * @param session of the publisher, from 1
 * @param presentationMs in the source's time, whatever the session's timestamps were
 * @param keyframe marked as key frame
 * @param nanoTime {@link System#nanoTime()} after the write
 */
public record SentFrame(int session, long presentationMs, boolean keyframe, long nanoTime) {}
