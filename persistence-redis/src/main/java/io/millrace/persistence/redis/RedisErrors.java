package io.millrace.persistence.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Which failures pass by themselves. */
final class RedisErrors {
  /** Replies of a Redis that is starting, changing roles or moving slots. */
  private static final List<String> NOT_READY =
      List.of("LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY");

  private RedisErrors() {}

  static Throwable rootOf(Throwable error) {
    Throwable current = error;
    while ((current instanceof CompletionException || current instanceof ExecutionException)
        && current.getCause() != null) {
      current = current.getCause();
    }
    return current;
  }

  /** Redis was not reachable, did not answer, or is not ready: the same command may work later. */
  static boolean isTransient(Throwable error) {
    if (error instanceof RedisCommandExecutionException) {
      return startsWithAny(error.getMessage(), NOT_READY);
    }
    return error instanceof RedisException || error instanceof IOException;
  }

  static boolean isTimeout(Throwable error) {
    return error instanceof RedisCommandTimeoutException;
  }

  /** This connection leads to a Redis that was demoted. */
  static boolean isWrongRole(Throwable error) {
    return error instanceof RedisCommandExecutionException
        && startsWithAny(error.getMessage(), List.of("READONLY", "MASTERDOWN"));
  }

  static boolean isUnreachable(Throwable error) {
    return error instanceof RedisConnectionException || isTimeout(error);
  }

  private static boolean startsWithAny(String message, List<String> prefixes) {
    return message != null && prefixes.stream().anyMatch(message::startsWith);
  }
}
