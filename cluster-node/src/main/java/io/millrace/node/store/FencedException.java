package io.millrace.node.store;

import io.millrace.persistence.redis.RedisFencedException;

/**
 * Another writer has written this record: whoever gets this must stop and not write again. Only
 * another writer's token is this; a store that fails or lost the record is not.
 */
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FencedException(String message) {
    super(message);
  }

  public FencedException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether {@code error} was caused by fencing, of any store, at any depth. */
  public static boolean isCauseOf(Throwable error) {
    Throwable current = error;
    for (int depth = 0; current != null && depth < 16; depth++) {
      if (current instanceof FencedException || current instanceof RedisFencedException) {
        return true;
      }
      current = current.getCause();
    }
    return false;
  }
}
