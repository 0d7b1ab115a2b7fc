package io.millrace.node.relay;

import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.util.Optional;

/** The owner's end of a relay's way; used on the owner's serial executor. */
public interface OwnerLink {

  /**
   * @param onFrames called on any thread when frames wait; cheap, never re-entered
   */
  void start(Runnable onFrames);

  /**
   * The next frame, empty when none waits now. A relay that gave up is seen as an end that is not
   * clean, a way that was cut as {@link RelayFrame.Broken}.
   */
  Optional<RelayFrame> poll();

  /** Also after the relay's end, which is what its ingest waits for then. */
  void acknowledge(long seq);

  /**
   * Another publisher takes over: what this one's ingest has taken still comes, then its end.
   * {@link #end} does not wait for it.
   */
  void finish(String text);

  /** Ends the publish for good. */
  void end(CloseReason reason, String text);

  /** The owner stops or moves; the relay asks again. */
  void release();
}
