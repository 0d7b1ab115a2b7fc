package io.millrace.node.placement;

import java.util.List;

/**
 * What people want to read of a stream beside its {@link DirectoryEntry}.
 *
 * @param epoch of the owner that says so
 * @param viewers playback sessions on all nodes
 * @param qualities names of the renditions
 */
public record StreamDescription(String streamId, long epoch, int viewers, List<String> qualities) {
  public StreamDescription {
    qualities = List.copyOf(qualities);
  }
}
