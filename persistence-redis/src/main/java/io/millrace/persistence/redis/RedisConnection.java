package io.millrace.persistence.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The way to Redis that all plugins of an actor system share: connects when first needed, sends
 * again a bounded number of times, and replaces a connection that hangs or leads to a demoted
 * server. Thread-safe; blocks nobody. Stages complete on the client's threads.
 */
final class RedisConnection {
  private static final int HUNG_AFTER_TIMEOUTS = 3;

  private final RedisConnectionSettings settings;
  private final RedisCounters counters;
  private final RedisLink link;
  private CompletableFuture<RedisLink.Open> current;
  private int timeoutsInARow;
  private boolean closed;

  RedisConnection(RedisConnectionSettings settings, RedisCounters counters) {
    this.settings = settings;
    this.counters = counters;
    this.link = new RedisLink(settings);
  }

  /** {@code PREFIX:NAME}. */
  String key(String name) {
    return settings.keyPrefix() + ":" + name;
  }

  /** {@code PREFIX:{ID}:NAME}: all keys of an id are in one slot of a Redis Cluster. */
  String key(String id, String name) {
    return settings.keyPrefix() + ":{" + id + "}:" + name;
  }

  /** Sends a command that may safely arrive more than once. */
  <T> CompletionStage<T> call(
      Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
    return attempt(command, 0, settings.retryDelay());
  }

  /** Runs a script that may safely run more than once. */
  <T> CompletionStage<T> eval(RedisScript script, String[] keys, byte[]... values) {
    return call(
        commands -> {
          CompletionStage<T> known = commands.evalsha(script.sha1(), script.output(), keys, values);
          return known
              .handle(
                  (result, error) -> {
                    if (RedisErrors.rootOf(error) instanceof RedisNoScriptException) {
                      CompletionStage<T> whole =
                          commands.eval(script.source(), script.output(), keys, values);
                      return whole;
                    }
                    return known;
                  })
              .thenCompose(Function.identity());
        });
  }

  CompletionStage<Void> close() {
    synchronized (this) {
      if (closed) {
        return CompletableFuture.completedStage(null);
      }
      closed = true;
      current = null;
    }
    return link.close();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(long number) {
    return bytes(Long.toString(number));
  }

  static String text(Object bytes) {
    return bytes == null ? "" : new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  private <T> CompletionStage<T> attempt(
      Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command,
      int attempt,
      Duration delay) {
    CompletableFuture<RedisLink.Open> opened = opened();
    return opened
        .thenCompose(open -> command.apply(open.commands()))
        .handle(
            (result, error) -> {
              if (error == null) {
                onSuccess();
                return CompletableFuture.completedStage(result);
              }
              Throwable root = RedisErrors.rootOf(error);
              onFailure(opened, root);
              if (!RedisErrors.isTransient(root) || attempt >= settings.retries()) {
                return CompletableFuture.<T>failedStage(root);
              }
              counters.retried();
              return after(delay)
                  .thenCompose(v -> attempt(command, attempt + 1, delay.multipliedBy(2)));
            })
        .thenCompose(Function.identity());
  }

  private static CompletionStage<Void> after(Duration delay) {
    Executor later = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(() -> {}, later);
  }

  private synchronized CompletableFuture<RedisLink.Open> opened() {
    if (closed) {
      return CompletableFuture.failedFuture(new RedisException("the connection is closed"));
    }
    if (current == null || current.isCompletedExceptionally()) {
      timeoutsInARow = 0;
      current = link.open();
    }
    return current;
  }

  private synchronized void onSuccess() {
    timeoutsInARow = 0;
  }

  private synchronized void onFailure(CompletableFuture<RedisLink.Open> on, Throwable error) {
    if (RedisErrors.isUnreachable(error)) {
      counters.unreachable();
    }
    if (RedisErrors.isTimeout(error)) {
      timeoutsInARow++;
    }
    boolean useless = RedisErrors.isWrongRole(error) || timeoutsInARow >= HUNG_AFTER_TIMEOUTS;
    if (useless && current == on && on.isDone() && !on.isCompletedExceptionally()) {
      current = null;
      var unused = on.join().connection().closeAsync();
    }
  }
}
