package io.millrace.node;

import io.millrace.node.cli.MillraceCommand;

/** Entry point of the distribution. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int exit = MillraceCommand.run(args);
    if (exit != 0) {
      System.exit(exit);
    }
  }
}
