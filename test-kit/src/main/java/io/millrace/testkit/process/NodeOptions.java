package io.millrace.testkit.process;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How to start a node: immutable, each {@code with} gives a changed copy. By default both ports are
 * picked by the system, it binds to loopback, and data and logs lie in {@code directory}.
 *
 * @param name for logs and messages
 * @param directory holds {@code data/} and one log file per start; kept after the test
 * @param commandPrefix program and arguments that run the JVM's command in their own place (a
 *     network namespace), usually empty
 * @param environment added to the environment of this process
 * @param jvmArguments flags and {@code -Dmillrace.key=value} overrides, before the main class
 * @param startDeadline longest time from start to ready line
 */
public record NodeOptions(
    String name,
    Path directory,
    List<String> commandPrefix,
    Map<String, String> environment,
    List<String> jvmArguments,
    Duration startDeadline) {

  public NodeOptions {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(directory, "directory");
    commandPrefix = List.copyOf(commandPrefix);
    environment = Map.copyOf(environment);
    jvmArguments = List.copyOf(jvmArguments);
    Objects.requireNonNull(startDeadline, "startDeadline");
  }

  /** A single node on free ports of loopback. */
  public static NodeOptions single(String name, Path directory) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("MILLRACE_RTMP_PORT", "0");
    environment.put("MILLRACE_HTTP_PORT", "0");
    environment.put("MILLRACE_BIND", "127.0.0.1");
    environment.put("MILLRACE_DATA_DIR", directory.resolve("data").toString());
    return new NodeOptions(
        name, directory, List.of(), environment, List.of("-Xmx512m"), Duration.ofSeconds(60));
  }

  /** With one more environment variable. */
  public NodeOptions withEnvironment(String variable, String value) {
    Map<String, String> changed = new LinkedHashMap<>(environment);
    changed.put(variable, value);
    return new NodeOptions(name, directory, commandPrefix, changed, jvmArguments, startDeadline);
  }

  /** With another longest time from start to ready line. */
  public NodeOptions withStartDeadline(Duration deadline) {
    return new NodeOptions(name, directory, commandPrefix, environment, jvmArguments, deadline);
  }

  /** Started by another program that ends by executing the JVM in its own process. */
  public NodeOptions withCommandPrefix(List<String> prefix) {
    return new NodeOptions(name, directory, prefix, environment, jvmArguments, startDeadline);
  }

  /** With a configuration key overridden by a system property. */
  public NodeOptions withSetting(String path, Object value) {
    return withJvmArgument("-D" + path + "=" + value);
  }

  /** With one more argument for the JVM; the last of two equal ones wins. */
  public NodeOptions withJvmArgument(String argument) {
    List<String> changed = new ArrayList<>(jvmArguments);
    changed.add(argument);
    return new NodeOptions(name, directory, commandPrefix, environment, changed, startDeadline);
  }

  /** The same node on the ports that an earlier start of it got. */
  public NodeOptions onPortsOf(ReadyLine ready) {
    return withEnvironment("MILLRACE_RTMP_PORT", Integer.toString(ready.rtmpPort()))
        .withEnvironment("MILLRACE_HTTP_PORT", Integer.toString(ready.httpPort()));
  }

  List<String> command() {
    List<String> command = new ArrayList<>(commandPrefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments);
    command.addAll(List.of("-cp", classPath(), "io.millrace.node.Main", "serve"));
    return command;
  }

  /** This JVM's class path without what only tests need. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !isTestOnly(entry))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isTestOnly(String entry) {
    return entry.contains("test-classes")
        || entry.contains("test-kit")
        || entry.contains("junit")
        || entry.contains("assertj")
        || entry.contains("surefire");
  }
}
