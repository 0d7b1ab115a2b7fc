package io.millrace.persistence.redis;

/**
 * Another writer has written this record, or a higher epoch this group: whoever gets this must stop
 * and not write again. A store that fails, lost the record or went back to an older one is not
 * this.
 */
public final class RedisFencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RedisFencedException(String message) {
    super(message);
  }
}
