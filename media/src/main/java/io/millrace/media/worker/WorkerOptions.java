package io.millrace.media.worker;

import java.util.HashMap;
import java.util.Map;

/** What a worker process is told by system properties; never anything secret. */
record WorkerOptions(Map<String, Integer> testEncodeDelayMs) {
  /** Path that frames are written to; the file descriptor that the launcher duplicated. */
  static final String OUTPUT_PROPERTY = "millrace.worker.output";

  /**
   * Test aid: {@code 720p=40,480p=5} makes the encoding of every frame of a rung take that many
   * milliseconds longer, so that overload can be produced on any machine. Nothing else changes.
   */
  static final String TEST_DELAY_PROPERTY = "millrace.worker.test-encode-delay-ms";

  WorkerOptions {
    testEncodeDelayMs = Map.copyOf(testEncodeDelayMs);
  }

  static WorkerOptions parse(String delays) {
    Map<String, Integer> byRung = new HashMap<>();
    for (String entry : delays.isEmpty() ? new String[0] : delays.split(",", -1)) {
      String[] pair = entry.split("=", -1);
      if (pair.length != 2) {
        throw new IllegalArgumentException(
            TEST_DELAY_PROPERTY + ": " + entry + " (expected: RUNG=MILLISECONDS)");
      }
      byRung.put(pair[0], Integer.parseInt(pair[1]));
    }
    return new WorkerOptions(byRung);
  }

  static String format(Map<String, Integer> delays) {
    StringBuilder text = new StringBuilder();
    delays.forEach(
        (rung, ms) -> text.append(text.isEmpty() ? "" : ",").append(rung).append('=').append(ms));
    return text.toString();
  }

  void delayAfterEncoding(String rung) {
    Integer ms = testEncodeDelayMs.get(rung);
    if (ms == null) {
      return;
    }
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
