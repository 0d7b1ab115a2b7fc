package io.millrace.node.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A register in memory; what is held never expires by itself. */
final class MemoryRegister implements FormationRegister {
  final AtomicInteger looks = new AtomicInteger();
  final AtomicInteger beats = new AtomicInteger();
  final AtomicInteger nameBeats = new AtomicInteger();
  final Map<String, String> names = new ConcurrentHashMap<>();
  volatile String holder;
  volatile boolean away;

  @Override
  public CompletionStage<Optional<String>> holder() {
    looks.incrementAndGet();
    return answer(() -> Optional.ofNullable(holder));
  }

  @Override
  public CompletionStage<String> hold(String formation, Duration expiry) {
    beats.incrementAndGet();
    return answer(
        () -> {
          holder = holder == null ? formation : holder;
          return holder;
        });
  }

  @Override
  public CompletionStage<Void> release(String formation) {
    return answer(
        () -> {
          holder = formation.equals(holder) ? null : holder;
          return null;
        });
  }

  @Override
  public CompletionStage<String> holdName(String name, String address, Duration expiry) {
    nameBeats.incrementAndGet();
    return answer(() -> names.computeIfAbsent(name, absent -> address));
  }

  @Override
  public CompletionStage<Void> releaseName(String name, String address) {
    return answer(
        () -> {
          names.remove(name, address);
          return null;
        });
  }

  private synchronized <T> CompletionStage<T> answer(Supplier<T> work) {
    return away
        ? CompletableFuture.failedFuture(new IllegalStateException("away"))
        : CompletableFuture.completedFuture(work.get());
  }
}
