package io.millrace.node.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks a port whether anybody listens there; blocks nobody. */
final class PortProbe {
  private PortProbe() {}

  /**
   * True only for an answer that says no (RST). Anything else, silence within {@code limit} too, is
   * false: the process may live.
   */
  static CompletableFuture<Boolean> refuses(Endpoint port, Duration limit) {
    CompletableFuture<Boolean> refused = new CompletableFuture<>();
    try {
      AsynchronousSocketChannel channel = AsynchronousSocketChannel.open();
      channel.connect(new InetSocketAddress(port.host(), port.port()), refused, new Answer());
      return refused
          .completeOnTimeout(false, limit.toMillis(), TimeUnit.MILLISECONDS)
          .whenComplete((answer, failure) -> close(channel));
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.completedFuture(false);
    }
  }

  private static void close(AsynchronousSocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was sent or is expected, so nothing is lost.
    }
  }

  private static final class Answer implements CompletionHandler<Void, CompletableFuture<Boolean>> {

    @Override
    public void completed(Void result, CompletableFuture<Boolean> refused) {
      refused.complete(false);
    }

    @Override
    public void failed(Throwable error, CompletableFuture<Boolean> refused) {
      refused.complete(error instanceof ConnectException && isRefusal(error));
    }

    private static boolean isRefusal(Throwable error) {
      return String.valueOf(error.getMessage()).contains("refused");
    }
  }
}
