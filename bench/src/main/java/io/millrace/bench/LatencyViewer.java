package io.millrace.bench;

import io.millrace.testkit.Await;
import io.millrace.testkit.browser.ChromiumPage;
import io.millrace.testkit.browser.ShownPictures;
import io.millrace.testkit.publish.SentFrame;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One Chromium with a page that plays by hls.js, open before the stream is there if it must. */
final class LatencyViewer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /** Unix time in milliseconds, as the page knows it. */
  private static final String LISTED =
      "performance.timeOrigin + performance.getEntriesByType('resource')"
          + ".find(r => r.name.includes('m3u8') && r.responseStatus === 200).responseEnd";

  private static final String PLAYER = "(window.millrace ? window.millrace.hls : window.hls)";
  private static final String STALLS = "(window.millrace ? millrace.stats().stalls : window.waits)";

  /** Since the page was opened, and only if there were any. */
  private static final String ERRORS =
      "(window.millrace && millrace.stats().errors > 0 ? ', ' + millrace.stats().errors"
          + " + ' errors, the last ' + millrace.stats().lastError : '')";

  private final ChromiumPage page;
  private ShownPictures pictures;
  private int stalls;

  private LatencyViewer(ChromiumPage page, ShownPictures pictures) {
    this.page = page;
    this.pictures = pictures;
  }

  /** Opens a page, which tries until there is something to play. */
  static LatencyViewer open(URI address) throws IOException {
    ChromiumPage page = ChromiumPage.open(800, 600);
    try {
      page.navigate(address);
      return new LatencyViewer(page, ShownPictures.of(page));
    } catch (IOException | AssertionError e) {
      page.close();
      throw e;
    }
  }

  /** Leaves the page for another. */
  void turnTo(URI address) throws IOException {
    page.navigate(address);
    pictures = ShownPictures.of(page);
  }

  void awaitPlaying() {
    Await.until("30 pictures are shown", START, () -> pictures.count() > 30);
  }

  /** When the page had a playlist of the stream, and when it showed the first picture, in words. */
  String start(TestPublisher publisher) throws IOException {
    List<SentFrame> sent = publisher.sent();
    return String.format(
        Locale.ROOT,
        "first frame sent, playlist after %.2f s, first picture after %.2f s",
        secondsSince(sent.get(0), LISTED),
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
    stalls = page.evaluate(STALLS).asInt();
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    return pictures.secondsBehind(publisher, framesPerSecond).stream()
        .mapToDouble(Double::doubleValue)
        .sorted()
        .toArray();
  }

  /** What the player says of itself, and its stalls since the measurement began. */
  String player() throws IOException {
    return String.format(
        Locale.ROOT,
        "%d stalls%s, hls.js wants %.2f and takes itself for %.2f",
        page.evaluate(STALLS).asInt() - stalls,
        page.evaluate(ERRORS).asText(),
        page.evaluate(PLAYER + ".targetLatency").asDouble(),
        page.evaluate(PLAYER + ".latency").asDouble());
  }

  @Override
  public void close() {
    page.close();
  }
}
