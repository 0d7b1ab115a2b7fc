package io.millrace.node.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks a port whether anybody listens there. Nothing waits for the answer; only a host name, where
 * the endpoint has one instead of an address, is looked up in the caller's thread.
 */
final class PortProbe {
  /** What a port says. */
  enum Answer {
    /** Somebody listens, if only the kernel for a process that hangs. */
    ACCEPTED,
    /** Nobody listens (RST). */
    REFUSED,
    /** Nothing within the time, or an error on the way: the process may live. */
    NONE
  }

  private PortProbe() {}

  /** Never fails. */
  static CompletableFuture<Answer> ask(Endpoint port, Duration limit) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    try {
      AsynchronousSocketChannel channel = AsynchronousSocketChannel.open();
      channel.connect(new InetSocketAddress(port.host(), port.port()), answer, new Connected());
      return answer
          .completeOnTimeout(Answer.NONE, limit.toMillis(), TimeUnit.MILLISECONDS)
          .whenComplete((known, failure) -> close(channel));
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.completedFuture(Answer.NONE);
    }
  }

  private static void close(AsynchronousSocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was sent or is expected, so nothing is lost.
    }
  }

  private static final class Connected
      implements CompletionHandler<Void, CompletableFuture<Answer>> {

    @Override
    public void completed(Void result, CompletableFuture<Answer> answer) {
      answer.complete(Answer.ACCEPTED);
    }

    @Override
    public void failed(Throwable error, CompletableFuture<Answer> answer) {
      boolean refused = error instanceof ConnectException && isRefusal(error);
      answer.complete(refused ? Answer.REFUSED : Answer.NONE);
    }

    private static boolean isRefusal(Throwable error) {
      return String.valueOf(error.getMessage()).contains("refused");
    }
  }
}
