package io.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Await;
import io.millrace.testkit.browser.ChromiumPage;
import io.millrace.testkit.hls.FrameCode;
import io.millrace.testkit.publish.SentFrame;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reads the frame numbers off the pictures that a page shows and compares the moment at which each
 * is shown with the one at which it was written to the publisher's socket. The encoder's time is
 * not in it. Both clocks are this machine's wall clock.
 */
final class LatencyMeter {
  private static final Duration START = Duration.ofSeconds(60);
  private static final int COLUMNS = 16;
  private static final int ROWS = 16;
  private static final int FIRST_CODE_ROW = 7;
  private static final int CODE_BITS = 32;
  private static final byte WHITE = (byte) 235;

  /** Each cell of the code becomes 4 x 4 pixels, of which one in the middle is looked at. */
  private static final String WATCH =
      """
      (() => {
        const video = document.querySelector('video');
        const canvas = document.createElement('canvas');
        canvas.width = 64;
        canvas.height = 8;
        const context = canvas.getContext('2d', {willReadFrequently: true});
        window.shown = [];
        const look = (now, frame) => {
          const h = video.videoHeight;
          context.drawImage(video, 0, h * 7 / 16, video.videoWidth, h * 2 / 16, 0, 0, 64, 8);
          const pixels = context.getImageData(0, 0, 64, 8).data;
          let code = '';
          for (let bit = 0; bit < 32; bit++) {
            const x = (bit % 16) * 4 + 2, y = Math.floor(bit / 16) * 4 + 2;
            code += pixels[4 * (y * 64 + x) + 1] > 127 ? '1' : '0';
          }
          window.shown.push([performance.timeOrigin + frame.expectedDisplayTime, code]);
          video.requestVideoFrameCallback(look);
        };
        video.requestVideoFrameCallback(look);
      })()
      """;

  private LatencyMeter() {}

  /**
   * Opens the page, lets it settle, and measures.
   *
   * @param framesPerSecond of the source
   * @return seconds, one for each picture shown
   */
  static List<Double> measure(
      URI page, TestPublisher publisher, double framesPerSecond, Duration settle, Duration measured)
      throws IOException, InterruptedException {
    try (ChromiumPage browser = ChromiumPage.open(800, 600)) {
      browser.navigate(page);
      Await.until(
          page + " plays",
          START,
          () -> browser.evaluate("document.querySelector('video').currentTime").asDouble() > 1);
      TimeUnit.NANOSECONDS.sleep(settle.toNanos());
      browser.evaluate(WATCH);
      TimeUnit.NANOSECONDS.sleep(measured.toNanos());
      return compare(browser.evaluate("window.shown"), publisher, framesPerSecond);
    }
  }

  private static List<Double> compare(
      JsonNode shown, TestPublisher publisher, double framesPerSecond) throws IOException {
    double wallClockLeadMs = wallClockLeadMs();
    List<SentFrame> sent = publisher.sent();
    Map<Integer, Long> sentNanos = new HashMap<>();
    for (SentFrame frame : sent) {
      long sinceFirstMs = frame.presentationMs() - sent.get(0).presentationMs();
      int number = (int) Math.round(sinceFirstMs * framesPerSecond / 1000);
      sentNanos.putIfAbsent(number, frame.nanoTime());
    }
    List<Double> seconds = new ArrayList<>();
    int unreadable = 0;
    for (JsonNode picture : shown) {
      FrameCode.Reading reading = read(picture.get(1).asText());
      Long at = reading.isReadable() ? sentNanos.get(reading.number()) : null;
      if (at == null) {
        unreadable++;
      } else {
        seconds.add((picture.get(0).asDouble() - wallClockLeadMs - at / 1e6) / 1000);
      }
    }
    if (seconds.isEmpty() || unreadable > seconds.size() / 10) {
      throw new IOException(unreadable + " of " + shown.size() + " pictures are not readable");
    }
    return seconds;
  }

  /** The code as the smallest picture that holds it. */
  private static FrameCode.Reading read(String code) {
    byte[] luma = new byte[COLUMNS * ROWS];
    for (int bit = 0; bit < CODE_BITS; bit++) {
      luma[FIRST_CODE_ROW * COLUMNS + bit] = code.charAt(bit) == '1' ? WHITE : 0;
    }
    return FrameCode.read(luma, COLUMNS, ROWS);
  }

  /** Wall clock minus {@link System#nanoTime()}, milliseconds; the best of some readings. */
  private static double wallClockLeadMs() {
    double lead = Double.MAX_VALUE;
    for (int i = 0; i < 1000; i++) {
      long before = System.nanoTime();
      Instant now = Instant.now();
      double wallMs = now.getEpochSecond() * 1e3 + now.getNano() / 1e6;
      lead = Math.min(lead, wallMs - before / 1e6);
    }
    return lead;
  }
}
