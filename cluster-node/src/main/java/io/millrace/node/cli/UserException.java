package io.millrace.node.cli;

/** Something that the user of the command line can put right; shown without a stack trace. */
final class UserException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UserException(String message) {
    super(message);
  }
}
