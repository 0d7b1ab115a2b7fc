package io.millrace.node.edge;

import io.millrace.http.InternalClient;
import io.millrace.http.InternalPort;
import io.millrace.http.MediaObject;
import io.millrace.http.StreamInfo;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.placement.NodeLoad;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Both ends of internal HTTP between the nodes of a cluster. */
public final class InternalHttp {

  private InternalHttp() {}

  /** What this node lets others read. */
  public static InternalPort serve(StreamEdge edge, OwnedStreams streams) {
    return new InternalPort() {
      @Override
      public CompletionStage<Optional<MediaObject>> object(
          String streamId, String rendition, String name) {
        return edge.ownedObject(streamId, rendition, name);
      }

      @Override
      public List<StreamInfo> streams() {
        return streams.all();
      }

      @Override
      public Optional<byte[]> thumbnail(String streamId) {
        return streams.thumbnail(streamId);
      }
    };
  }

  /** Where the other nodes serve theirs, by name. */
  public static Map<String, Endpoint> others(Map<String, NodeLoad> all, String self) {
    return all.values().stream()
        .filter(load -> !load.name().equals(self) && load.internalHttp().isPresent())
        .collect(Collectors.toUnmodifiableMap(NodeLoad::name, NodeLoad::internalHttp));
  }

  /** Objects of other nodes. */
  public static ObjectSource objects(InternalClient client) {
    return (owner, streamId, rendition, name) ->
        client.object(owner.host(), owner.port(), streamId, rendition, name);
  }

  /** What other nodes know of their streams. */
  public static NodeReader reader(InternalClient client) {
    return new NodeReader() {
      @Override
      public CompletionStage<List<StreamInfo>> streams(Endpoint node) {
        return client.streams(node.host(), node.port());
      }

      @Override
      public CompletionStage<Optional<byte[]>> thumbnail(Endpoint node, String streamId) {
        return client.thumbnail(node.host(), node.port(), streamId);
      }
    };
  }
}
