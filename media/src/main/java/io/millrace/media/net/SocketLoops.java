package io.millrace.media.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** The loops of one port, as many as the machine has use for; thread-safe. */
public final class SocketLoops {
  private static final int CORES_PER_LOOP = 8;

  private final List<SocketLoop> loops = new ArrayList<>();
  private final AtomicInteger dealt = new AtomicInteger();

  /** Loops that read and hand over. */
  public SocketLoops(String name) throws IOException {
    this(name, CORES_PER_LOOP);
  }

  /**
   * @param name of the threads, before their number
   * @param coresPerLoop of this machine; the fewer, the more is done on the loops
   */
  public SocketLoops(String name, int coresPerLoop) throws IOException {
    int count = Math.max(1, Runtime.getRuntime().availableProcessors() / coresPerLoop);
    for (int i = 0; i < count; i++) {
      loops.add(new SocketLoop(name + "-" + i));
    }
  }

  public void start() {
    loops.forEach(SocketLoop::start);
  }

  /** The loop for the next connection. */
  public SocketLoop next() {
    return loops.get(Math.floorMod(dealt.getAndIncrement(), loops.size()));
  }

  /** The loop on which sockets are accepted. */
  SocketLoop first() {
    return loops.get(0);
  }

  /** Completes when all loops have read what had come before. */
  public CompletionStage<Void> caughtUp() {
    return CompletableFuture.allOf(
        loops.stream()
            .map(
                loop -> {
                  CompletableFuture<Void> done = new CompletableFuture<>();
                  loop.executeCaughtUp(() -> done.complete(null));
                  return done;
                })
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Closes every channel and ends the threads. */
  public void stop() {
    loops.forEach(SocketLoop::stop);
  }
}
