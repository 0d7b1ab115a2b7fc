package io.millrace.media.segment;

import io.millrace.media.MediaPart;
import io.millrace.media.MediaSegment;
import io.millrace.media.Presentation;

/**
 * Where a {@code StreamPipeline} puts its results; called on the pipeline's own thread, never
 * re-entered. Segments of one rendition come in order of their media sequence numbers, without
 * holes.
 */
public interface PipelineOutput {

  /** The rendition set is known and frozen, or declared bandwidths rose. */
  void presentation(Presentation presentation);

  /** An init segment that the following segments of this rendition refer to. */
  void init(String rendition, String name, byte[] bytes);

  /**
   * A part is whole. Parts come in order, all of a segment before the segment itself. When a
   * segment comes without parts although some were handed out, those are not of it.
   */
  void part(MediaPart part);

  void segment(MediaSegment segment);

  /**
   * Every unit of {@code session} up to {@code seq} is in a durable segment of every active rung.
   */
  void acknowledged(long session, long seq);

  /** This publish cannot go on; the text is for the broadcaster and the log. */
  void refused(String diagnosis);

  /**
   * There is work for a worker: give one to {@link StreamPipeline#workerReady}. Asked once; after
   * {@link StreamPipeline#workerGone} whoever starts workers knows that one is missing.
   */
  void workerNeeded();

  /** Something a person should see: cut by encoder, a re-base, shedding, recovery of a rung. */
  void notice(PipelineNotice notice);
}
