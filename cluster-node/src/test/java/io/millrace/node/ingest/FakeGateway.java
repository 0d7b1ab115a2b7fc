package io.millrace.node.ingest;

import io.millrace.media.MediaUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Records what connections hand over; answers as it is told to. Safe from any thread. */
final class FakeGateway implements PublishGateway {
  /** One accepted publish. */
  static final class Publish implements UnitSink {
    final PublishRequest request;
    final PublisherControl control;
    final List<MediaUnit> units = new CopyOnWriteArrayList<>();
    final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    volatile boolean accepting = true;
    volatile long declaredBitsPerSecond;

    Publish(PublishRequest request, PublisherControl control) {
      this.request = request;
      this.control = control;
    }

    @Override
    public boolean offer(MediaUnit unit) {
      units.add(unit);
      return accepting;
    }

    @Override
    public void declaredBitrate(long bitsPerSecond) {
      declaredBitsPerSecond = bitsPerSecond;
    }

    @Override
    public void close(boolean clean) {
      if (!closed.complete(clean)) {
        throw new IllegalStateException("closed twice");
      }
    }
  }

  final List<Publish> publishes = new CopyOnWriteArrayList<>();
  volatile Function<Publish, CompletionStage<PublishAnswer>> answer =
      publish -> CompletableFuture.completedFuture(new PublishAnswer.Accepted(publish));

  @Override
  public CompletionStage<PublishAnswer> publish(PublishRequest request, PublisherControl control) {
    Publish publish = new Publish(request, control);
    publishes.add(publish);
    return answer.apply(publish);
  }
}
