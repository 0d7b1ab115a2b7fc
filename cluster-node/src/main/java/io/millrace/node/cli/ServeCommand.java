package io.millrace.node.cli;

import com.typesafe.config.Config;
import io.millrace.node.MillraceNode;
import io.millrace.node.NodeAddresses;
import io.millrace.node.NodeSettings;
import io.millrace.node.settings.ConfigFiles;
import io.millrace.node.settings.NodeSettingsReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace serve}: the server. */
@Command(
    name = "serve",
    description = "Runs a node until it is told to stop (SIGTERM or Ctrl-C).",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description = "Configuration file; see conf/millrace.conf for every key.")
  private Path conf;

  @Override
  public Integer call() throws InterruptedException {
    run(ConfigFiles.load(conf), node -> {}, addresses -> {});
    return 0;
  }

  /** Starts a node, prints its ready line when it serves, and returns when it has stopped. */
  static void run(
      Config config, Consumer<MillraceNode> whenStarted, Consumer<NodeAddresses> whenReady)
      throws InterruptedException {
    NodeSettings settings = NodeSettingsReader.read(config);
    try {
      MillraceNode node = MillraceNode.start(settings, config);
      whenStarted.accept(node);
      NodeAddresses addresses = node.ready().toCompletableFuture().get();
      System.out.println(addresses.readyLine());
      whenReady.accept(addresses);
      node.whenStopped().toCompletableFuture().get();
    } catch (IOException e) {
      throw new UserException(e.getMessage());
    } catch (ExecutionException e) {
      throw new UserException("the node could not start: " + e.getCause().getMessage());
    }
  }
}
