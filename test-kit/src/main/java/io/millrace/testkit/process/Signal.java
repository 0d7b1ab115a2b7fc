package io.millrace.testkit.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** POSIX signals to a process by its id. */
public enum Signal {
  TERM,
  INT,
  KILL,
  STOP,
  CONT;

  /**
   * Sends this signal.
   *
   * @throws IllegalStateException if there is no such process or it cannot be signalled
   */
  public void send(long pid) {
    try {
      // The shell's builtin: the kill program is not on every machine.
      Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name() + " " + pid).start();
      if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new IllegalStateException("signal " + name() + " to " + pid + " failed");
      }
    } catch (IOException e) {
      throw new IllegalStateException("signal " + name() + " to " + pid, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
