package io.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Await;
import io.millrace.testkit.browser.ChromiumPage;
import io.millrace.testkit.browser.ShownPictures;
import io.millrace.testkit.publish.SentFrame;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One Chromium that plays a {@link HlsJsPage}, from before the stream is there on if it must. */
final class LatencyViewer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final ChromiumPage page;
  private HlsJsPage served;
  private ShownPictures pictures;

  private LatencyViewer(HlsJsPage served, ChromiumPage page, ShownPictures pictures) {
    this.served = served;
    this.page = page;
    this.pictures = pictures;
  }

  /**
   * Opens the page, which tries until there is something to play; closes {@code served} at last.
   */
  static LatencyViewer open(HlsJsPage served) throws IOException {
    ChromiumPage page = ChromiumPage.open(800, 600);
    try {
      page.navigate(served.address());
      return new LatencyViewer(served, page, ShownPictures.of(page));
    } catch (IOException | AssertionError e) {
      page.close();
      throw e;
    }
  }

  /** Leaves its page and opens another, which it closes at last. */
  void turnTo(HlsJsPage next) throws IOException {
    served.close();
    served = next;
    page.navigate(next.address());
    pictures = ShownPictures.of(page);
  }

  void awaitPlaying() {
    Await.until("30 pictures are shown", START, () -> pictures.count() > 30);
  }

  /** When the publisher's stream was listed and when its first picture was shown, in words. */
  String start(TestPublisher publisher) throws IOException {
    List<SentFrame> sent = publisher.sent();
    return String.format(
        Locale.ROOT,
        "listed after %.2f s, first picture after %.2f s",
        secondsSince(sent.get(0), "window.listed"),
        secondsSince(sent.get(0), "window.shown[0][0]"));
  }

  private double secondsSince(SentFrame frame, String unixMs) throws IOException {
    long at = ShownPictures.nanoTime(page.evaluate(unixMs).asDouble());
    return (at - frame.nanoTime()) / 1e9;
  }

  /** Seconds behind the publisher's socket, sorted, of each picture shown within {@code time}. */
  double[] measure(TestPublisher publisher, double framesPerSecond, Duration time)
      throws IOException, InterruptedException {
    pictures.forget();
    page.evaluate("window.waits = 0");
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    return pictures.secondsBehind(publisher, framesPerSecond).stream()
        .mapToDouble(Double::doubleValue)
        .sorted()
        .toArray();
  }

  /** What the player says of itself. */
  String player() throws IOException {
    JsonNode says = page.evaluate("[window.waits, window.hls.targetLatency, window.hls.latency]");
    return String.format(
        Locale.ROOT,
        "stalls %d, hls.js wants %.2f and takes itself for %.2f",
        says.get(0).asInt(),
        says.get(1).asDouble(),
        says.get(2).asDouble());
  }

  @Override
  public void close() {
    page.close();
    served.close();
  }
}
