package io.millrace.http;

/** Playback sessions on this node, now. For any thread. */
public interface ViewerCounts {

  int count(String streamId);

  ViewerSample sample(String streamId);
}
