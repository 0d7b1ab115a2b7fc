package io.millrace.node.store;

/**
 * The store holds another revision than the writer expects, but not one of another writer: the
 * record was lost or rolled back, or the writer's own view is old. The writer reads again.
 */
public final class StaleRevisionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StaleRevisionException(String message) {
    super(message);
  }
}
