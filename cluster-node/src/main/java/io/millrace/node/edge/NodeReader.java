package io.millrace.node.edge;

import io.millrace.http.StreamInfo;
import io.millrace.node.cluster.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reads what another node knows of the streams that it owns; fails when it does not answer. */
public interface NodeReader {

  CompletionStage<List<StreamInfo>> streams(Endpoint node);

  CompletionStage<Optional<byte[]>> thumbnail(Endpoint node, String streamId);
}
