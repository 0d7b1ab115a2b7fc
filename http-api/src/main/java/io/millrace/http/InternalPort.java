package io.millrace.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What other nodes may read of this one: the streams that it owns. Calls never block. */
public interface InternalPort {

  /** Empty: not owned here, or no such object. */
  CompletionStage<Optional<MediaObject>> object(String streamId, String rendition, String name);

  /** Streams that this node owns, viewers on all nodes counted. */
  List<StreamInfo> streams();

  /** The newest JPEG thumbnail; empty when there is none here. */
  Optional<byte[]> thumbnail(String streamId);
}
