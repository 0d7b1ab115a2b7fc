package io.millrace.node.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.node.MillraceNode;
import io.millrace.node.NodeAddresses;
import io.millrace.node.settings.ConfigFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** {@code millrace demo}: one node, a test broadcast into it, and where to look. */
@Command(
    name = "demo",
    description = "Starts one node with a test broadcast and prints the player's URL.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String STREAM = "demo";
  private static final int STOP_SECONDS = 30;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("millrace-demo");
    Config config = ConfigFactory.parseMap(Map.of("millrace.data-dir", data.toString()));
    Config whole = config.withFallback(ConfigFiles.load(null));
    ServeCommand.run(whole, node -> deleteWhenStopped(node, data), DemoCommand::broadcast);
    return 0;
  }

  /** The node ends with the process, in a hook of its own; the deletion comes after that. */
  private static void deleteWhenStopped(MillraceNode node, Path data) {
    Runnable delete =
        () -> {
          try {
            node.whenStopped().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
            delete(data);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (ExecutionException | TimeoutException | IOException e) {
            System.err.println("demo: " + data + " stays: " + e);
          }
        };
    Runtime.getRuntime().addShutdownHook(new Thread(delete, "delete-demo-data"));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void broadcast(NodeAddresses node) {
    String rtmp = "rtmp://" + node.rtmp().reachable() + "/live/" + STREAM;
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            "io.millrace.node.Main",
            "publish",
            "--test-pattern",
            rtmp);
    try {
      Process publisher =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(publisher::destroy, "stop-demo"));
    } catch (IOException e) {
      throw new UncheckedIOException("the test broadcast could not be started", e);
    }
    String http = "http://" + node.http().reachable();
    System.out.println("Watch:     " + http + "/watch/" + STREAM);
    System.out.println("Dashboard: " + http + "/");
    System.out.println("Publish:   rtmp://" + node.rtmp().reachable() + "/live/KEY");
  }
}
