package io.millrace.node.edge;

import io.millrace.http.ViewerSample;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A node asks a stream's owner for every new version of the playlists; repeated while it follows.
 *
 * @param subscriber where versions go
 * @param node name of the asking node
 * @param sessions playback sessions of the stream on that node
 * @param epoch of the version that the node shows; 0: none
 * @param version that the node shows; only a newer one is sent
 */
public record FollowRequest(
    ActorRef<EdgeFollower.Command> subscriber,
    String node,
    ViewerSample sessions,
    long epoch,
    long version) {

  /** Nodes of an earlier version do not say who watches. */
  public FollowRequest {
    sessions = sessions == null ? ViewerSample.NONE : sessions;
  }
}
