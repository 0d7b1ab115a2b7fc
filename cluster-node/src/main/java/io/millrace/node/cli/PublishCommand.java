package io.millrace.node.cli;

import io.millrace.media.publish.Broadcast;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.media.publish.FlvTagSource;
import io.millrace.media.publish.LoopedTagSource;
import io.millrace.media.publish.PublishListener;
import io.millrace.media.publish.TagSource;
import io.millrace.media.worker.TestPatternSettings;
import io.millrace.media.worker.TestPatternSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace publish}: a test broadcaster for any RTMP server. */
@Command(
    name = "publish",
    description = "Broadcasts a file or a test picture to an RTMP URL, in real time.",
    mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {

  @Parameters(
      arity = "1..2",
      paramLabel = "FILE URL",
      description = "A media file (any that ffmpeg reads) and rtmp://HOST[:PORT]/live/KEY.")
  private String[] arguments;

  @Option(names = "--test-pattern", description = "Broadcast a test picture instead of a file.")
  private boolean testPattern;

  @Option(names = "--loop", description = "Start the file again at its end.")
  private boolean loop;

  @Option(
      names = "--reconnect",
      paramLabel = "N",
      description = "Try again N times in a row when the connection is lost (default: 10).",
      defaultValue = "10")
  private int reconnectAttempts;

  @Override
  public Integer call() throws InterruptedException {
    String url = arguments[arguments.length - 1];
    BroadcastSettings settings =
        BroadcastSettings.REAL_TIME.withReconnect(reconnectAttempts, Duration.ofSeconds(2));
    Printer printer = new Printer();
    try {
      Broadcast broadcast = new Broadcast(url, source(), settings, printer);
      Thread stop = new Thread(broadcast::stop, "stop-publish");
      Runtime.getRuntime().addShutdownHook(stop);
      broadcast.run();
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      throw new UserException("publish: " + e.getMessage());
    }
  }

  private TagSource source() throws IOException {
    if (testPattern) {
      if (arguments.length != 1) {
        throw new UserException("publish: either FILE or --test-pattern, then the URL");
      }
      return new TestPatternSource(TestPatternSettings.DEFAULT);
    }
    if (arguments.length != 2) {
      throw new UserException("publish: FILE and URL are needed (or --test-pattern and URL)");
    }
    Path file = Path.of(arguments[0]);
    if (!Files.isReadable(file)) {
      throw new UserException("publish: FILE = " + file + ": must be a file that can be read");
    }
    return loop ? new LoopedTagSource(() -> open(file)) : open(file);
  }

  /**
   * FLV as it is; anything else goes through the bundled ffmpeg, which only changes the container.
   */
  private static TagSource open(Path file) throws IOException {
    if (file.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".flv")) {
      return new FlvTagSource(new BufferedInputStream(Files.newInputStream(file)));
    }
    return new FlvTagSource(RemuxInput.open(file));
  }

  /** Says what happens on stderr, without the URL: it holds the stream key. */
  private static final class Printer implements PublishListener {
    @Override
    public void opened(int session) {
      System.err.println(
          session == 1 ? "publishing" : "publishing again (session " + session + ")");
    }

    @Override
    public void lost(IOException reason) {
      System.err.println("connection lost: " + reason.getMessage());
    }
  }
}
