package io.millrace.media.publish;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Tags in sending order, made or read on demand; used by one thread. */
public interface TagSource extends Closeable {

  /**
   * The next tag; empty at the end. Timestamps never go backward.
   *
   * @throws IOException if the input cannot be read or is not FLV
   */
  Optional<PublishTag> next() throws IOException;
}
