package io.millrace.multijvm.clients;

import io.millrace.testkit.Await;
import io.millrace.testkit.process.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A publisher or player program under test. Output goes to {@code target/client-logs/NAME.log}.
 * Closing ends it and its children.
 */
final class ClientProgram implements AutoCloseable {
  private static final Path LOGS = Path.of("target", "client-logs");

  private final String name;
  private final Process process;
  private final Path log;

  private ClientProgram(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  static ClientProgram start(String name, List<String> command) throws IOException {
    return start(name, command, Map.of());
  }

  static ClientProgram start(String name, List<String> command, Map<String, String> environment)
      throws IOException {
    Files.createDirectories(LOGS);
    Path log = LOGS.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().putAll(environment);
    return new ClientProgram(name, builder.start(), log);
  }

  /** Runs a program to its end and returns its output; any exit code but 0 fails. */
  static String run(String name, Duration deadline, List<String> command) throws IOException {
    try (ClientProgram program = start(name, command)) {
      Await.until(name + " ends", deadline, () -> !program.process.isAlive());
      String output = program.output();
      if (program.process.exitValue() != 0) {
        throw new AssertionError(name + ": exit " + program.process.exitValue() + "\n" + output);
      }
      return output;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String output() throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  void interruptAndWait(Duration deadline) {
    Signal.INT.send(process.pid());
    Await.until(name + " ends after SIGINT", deadline, () -> !process.isAlive());
  }

  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    process.destroy();
    try {
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
