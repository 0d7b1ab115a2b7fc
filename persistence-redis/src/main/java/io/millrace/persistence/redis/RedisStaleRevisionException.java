package io.millrace.persistence.redis;

/**
 * The record has another revision than the writer expects, but not one of another writer: the
 * writer's own view is old. It has to read again before it writes.
 */
public final class RedisStaleRevisionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RedisStaleRevisionException(String message) {
    super(message);
  }
}
