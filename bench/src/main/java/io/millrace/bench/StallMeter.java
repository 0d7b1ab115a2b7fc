package io.millrace.bench;

import io.millrace.testkit.Await;
import io.millrace.testkit.browser.ChromiumPage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** A page with a {@code video} element that plays, and for how long its picture stood still. */
final class StallMeter implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /** Shorter pauses between two looks at the clock of the media are its grain, not a stall. */
  private static final String WATCH =
      """
      (() => {
        const video = document.querySelector('video');
        window.stalledMs = 0;
        let media = video.currentTime, since = performance.now();
        setInterval(() => {
          const now = performance.now();
          if (video.currentTime !== media) {
            media = video.currentTime;
            since = now;
          } else if (now - since > 300) {
            window.stalledMs += now - since;
            since = now;
          }
        }, 50);
      })()
      """;

  private final ChromiumPage page;

  private StallMeter(ChromiumPage page) {
    this.page = page;
  }

  /** Opens the page and waits until it plays. */
  static StallMeter open(URI address) throws IOException {
    ChromiumPage page = ChromiumPage.open(800, 600);
    try {
      page.navigate(address);
      Await.until(
          address + " plays",
          START,
          () -> page.evaluate("document.querySelector('video').currentTime").asDouble() > 1);
      page.evaluate(WATCH);
      return new StallMeter(page);
    } catch (IOException | AssertionError e) {
      page.close();
      throw e;
    }
  }

  /** Since the page began to play. */
  double stalledSeconds() throws IOException {
    return page.evaluate("window.stalledMs").asDouble() / 1000;
  }

  @Override
  public void close() {
    page.close();
  }
}
