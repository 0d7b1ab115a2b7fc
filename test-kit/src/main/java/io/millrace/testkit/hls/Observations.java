package io.millrace.testkit.hls;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Where one recorder's requests report to. While its server is known to be away, requests that fail
 * are nobody's fault. Thread-safe.
 */
final class Observations {
  private final PlaylistLinter linter;
  private final PlaylistObserver observer;
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile boolean away;

  Observations(PlaylistLinter linter, PlaylistObserver observer) {
    this.linter = linter;
    this.observer = observer;
  }

  PlaylistLinter linter() {
    return linter;
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  void away(boolean nowAway) {
    away = nowAway;
  }

  /** To be asked before a request and given to what it ends in. */
  boolean isAway() {
    return away;
  }

  void response(ObservedResponse response, boolean startedAway) {
    if (response.status() == 200 || !(startedAway || away)) {
      linter.response(response);
    }
  }

  /** A playlist's text, which is also returned. */
  String version(ObservedResponse response) {
    String text = new String(response.body(), StandardCharsets.UTF_8);
    linter.observe(response.url(), response.at(), text);
    observer.version(response.url(), response.at(), text);
    return text;
  }

  void failure(String text, boolean startedAway) {
    if (!(startedAway || away)) {
      failures.add(text);
    }
  }
}
