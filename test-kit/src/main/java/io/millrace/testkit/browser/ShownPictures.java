package io.millrace.testkit.browser;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.hls.FrameCode;
import io.millrace.testkit.publish.SentFrame;
import io.millrace.testkit.publish.TestPublisher;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pictures of a page's {@code video} element as they are shown: reads the {@link FrameCode} off
 * each and compares the moment at which it is shown with the one at which the frame was written to
 * the publisher's socket. An encoder's time is not in it. Both clocks are this machine's wall
 * clock.
 */
public final class ShownPictures {
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

  private final ChromiumPage page;

  private ShownPictures(ChromiumPage page) {
    this.page = page;
  }

  /** Looks from now on; the page has its video element already. */
  public static ShownPictures of(ChromiumPage page) throws IOException {
    page.evaluate(WATCH);
    return new ShownPictures(page);
  }

  /** Pictures shown so far, whether readable or not. */
  public int count() throws IOException {
    return page.evaluate("window.shown.length").asInt();
  }

  /** Only what is shown from now on counts. */
  public void forget() throws IOException {
    page.evaluate("window.shown.length = 0");
  }

  /**
   * Seconds between a frame's way into the socket and its picture, one for each picture, in the
   * order in which they were shown.
   *
   * @param publisher of one session, whose frames are numbered from 0
   * @param framesPerSecond of the source
   * @throws IOException if more than one of ten pictures is not readable
   */
  public List<Double> secondsBehind(TestPublisher publisher, double framesPerSecond)
      throws IOException {
    double leadMs = wallClockLeadMs();
    Map<Integer, Long> sentNanos = sentNanos(publisher.sent(), framesPerSecond);
    JsonNode shown = page.evaluate("window.shown");
    List<Double> seconds = new ArrayList<>();
    for (JsonNode picture : shown) {
      FrameCode.Reading reading = read(picture.get(1).asText());
      Long at = reading.isReadable() ? sentNanos.get(reading.number()) : null;
      if (at != null) {
        seconds.add((picture.get(0).asDouble() - leadMs - at / 1e6) / 1000);
      }
    }
    if (seconds.isEmpty() || seconds.size() < shown.size() * 0.9) {
      throw new IOException("only " + seconds.size() + " of " + shown.size() + " are readable");
    }
    return seconds;
  }

  /** {@link System#nanoTime()} of a moment of the page, given as Unix time in milliseconds. */
  public static long nanoTime(double unixMs) {
    return (long) ((unixMs - wallClockLeadMs()) * 1e6);
  }

  private static Map<Integer, Long> sentNanos(List<SentFrame> sent, double framesPerSecond) {
    Map<Integer, Long> nanos = new HashMap<>();
    for (SentFrame frame : sent) {
      long sinceFirstMs = frame.presentationMs() - sent.get(0).presentationMs();
      int number = (int) Math.round(sinceFirstMs * framesPerSecond / 1000);
      nanos.putIfAbsent(number, frame.nanoTime());
    }
    return nanos;
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
