package io.millrace.node;

import io.millrace.http.HttpSettings;
import io.millrace.media.demux.DemuxSettings;
import io.millrace.media.worker.WorkerSettings;
import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.edge.EdgeSettings;
import io.millrace.node.ingest.AuthMode;
import io.millrace.node.ingest.RtmpSettings;
import io.millrace.node.relay.RelaySettings;
import io.millrace.node.store.StoreSettings;
import io.millrace.node.stream.StreamSettings;
import java.util.Optional;

/**
 * Everything a node is started with; one record per part.
 *
 * @param nodeName in logs, the API and the stream directory
 * @param auth who may publish
 * @param cluster empty in mode single
 */
public record NodeSettings(
    String nodeName,
    RtmpSettings rtmp,
    DemuxSettings demux,
    HttpSettings http,
    RelaySettings relay,
    EdgeSettings edge,
    StoreSettings store,
    StreamSettings stream,
    WorkerSettings worker,
    AuthMode auth,
    Optional<ClusterSettings> cluster) {

  public NodeSettings {
    if (nodeName.isBlank()) {
      throw new IllegalArgumentException("nodeName: empty (expected: a name)");
    }
  }
}
