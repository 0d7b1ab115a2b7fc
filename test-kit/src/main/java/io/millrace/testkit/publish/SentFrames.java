package io.millrace.testkit.publish;

import io.millrace.media.publish.PublishListener;
import io.millrace.media.publish.PublishTag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a broadcast does. Thread-safe. */
final class SentFrames implements PublishListener {
  private final List<SentFrame> frames = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private int sessions;

  @Override
  public synchronized void opened(int session) {
    sessions = session;
    events.add("session " + session);
  }

  @Override
  public synchronized void written(int session, PublishTag tag, long nanoTime) {
    if (tag.isVideoFrame()) {
      frames.add(new SentFrame(session, tag.presentationMs(), tag.isKeyframe(), nanoTime));
    }
  }

  @Override
  public synchronized void status(String code, String description) {
    events.add(code + " " + description);
  }

  @Override
  public synchronized void lost(IOException reason) {
    events.add("lost: " + reason.getMessage());
  }

  synchronized List<SentFrame> frames() {
    return List.copyOf(frames);
  }

  synchronized List<String> events() {
    return List.copyOf(events);
  }

  synchronized int sessions() {
    return sessions;
  }

  synchronized int count() {
    return frames.size();
  }
}
