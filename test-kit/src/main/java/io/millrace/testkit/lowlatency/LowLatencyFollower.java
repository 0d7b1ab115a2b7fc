package io.millrace.testkit.lowlatency;

import io.millrace.testkit.Await;
import io.millrace.testkit.hls.PlaylistObserver;
import io.millrace.testkit.lowlatency.PlaylistText.Part;
import io.millrace.testkit.lowlatency.ReloadRules.Position;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Plays one media playlist as a low-latency player does: blocking reloads with delta updates, every
 * part as soon as it is listed, every hinted part before. Each version, delta updates merged, is
 * shown to an observer (a linter). What a server must not do is noted: see {@link #failures()}.
 */
public final class LowLatencyFollower implements AutoCloseable {
  private static final long RETRY_NANOS = Duration.ofMillis(250).toNanos();
  private static final int COMPARE_EVERY = 10;

  private final URI uri;
  private final PlaylistObserver observer;
  private final Downloads downloads =
      new Downloads(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
  private final PartChecks parts;
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger versions = new AtomicInteger();
  private final AtomicInteger deltas = new AtomicInteger();
  private final Thread thread;
  private volatile PlaylistText newest;
  private volatile boolean away;
  private volatile boolean stopped;

  private LowLatencyFollower(URI uri, PlaylistObserver observer) {
    this.uri = uri;
    this.observer = observer;
    this.parts = new PartChecks(uri, downloads, text -> failed(text, away));
    this.thread = new Thread(this::play, "low-latency-follower");
    this.thread.setDaemon(true);
  }

  /**
   * Starts at once; the playlist must exist.
   *
   * @param mediaPlaylist without a query
   * @param observer is shown every version as a whole playlist, on the follower's thread; to be
   *     given to a linter
   */
  public static LowLatencyFollower start(URI mediaPlaylist, PlaylistObserver observer) {
    LowLatencyFollower follower = new LowLatencyFollower(mediaPlaylist, observer);
    follower.thread.start();
    return follower;
  }

  /** While true, the server is known to be down or its owner to be lost: failures are nobody's. */
  public void away(boolean nowAway) {
    away = nowAway;
  }

  /** What the server did wrong so far. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Parts that were fetched completely so far, in the order of their completion. */
  public List<FetchedPart> parts() {
    return parts.fetched();
  }

  /** Whole segments that were found to be the exact concatenation of their parts. */
  public int comparedSegments() {
    return parts.comparedSegments();
  }

  /** Parts that were fetched again when they had left the playlist for long, and were the same. */
  public int refetchedParts() {
    return parts.refetched();
  }

  /** Versions seen, equal ones counted once. */
  public int versions() {
    return versions.get();
  }

  /** Versions that came as delta updates. */
  public int deltas() {
    return deltas.get();
  }

  public void awaitParts(int count, Duration deadline) {
    Await.until(count + " parts of " + uri, deadline, () -> parts.fetched().size() >= count);
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void failed(String text, boolean startedAway) {
    if (!startedAway && !away && !stopped) {
      failures.add(Instant.now() + " " + text);
    }
  }

  // --- the loop ---------------------------------------------------------------------------------

  private void play() {
    while (!stopped && (newest == null || !newest.ended())) {
      boolean startedAway = away;
      try {
        if (!reload()) {
          LockSupport.parkNanos(RETRY_NANOS);
        }
      } catch (IOException | RuntimeException e) {
        failed("reload: " + e, startedAway);
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  /** False: to be tried again after a moment. */
  private boolean reload() throws IOException {
    boolean startedAway = away;
    Optional<Position> asked = Optional.ofNullable(newest).map(Position::after);
    String query = asked.map(next -> next.query() + "&_HLS_skip=YES").orElse("");
    Instant from = Instant.now();
    HttpResponse<String> response = downloads.playlist(URI.create(uri + query));
    Instant at = Instant.now();
    if (response.statusCode() != 200) {
      failed("reload" + query + " answers " + response.statusCode(), startedAway);
      return false;
    }
    PlaylistText text = PlaylistText.parse(response.body());
    Optional<PlaylistText> before = Optional.ofNullable(newest);
    PlaylistText whole = text.skipped() == 0 ? text : text.mergedInto(before.orElseThrow());
    ReloadRules.check(asked, whole, response, Duration.between(from, at))
        .forEach(wrong -> failed(wrong, startedAway));
    if (before.isEmpty() || whole.ended()) {
      ReloadRules.probe(uri, whole, downloads).forEach(wrong -> failed(wrong, startedAway));
    }
    boolean advanced = before.isEmpty() || isFurther(whole, before.get());
    accept(whole, at, text.skipped() > 0);
    return advanced || !query.isEmpty();
  }

  private static boolean isFurther(PlaylistText next, PlaylistText before) {
    return next.lastMsn() > before.lastMsn()
        || next.partsInFlight().size() > before.partsInFlight().size();
  }

  private void accept(PlaylistText whole, Instant at, boolean delta) throws IOException {
    boolean same = newest != null && newest.text().equals(whole.text());
    newest = whole;
    observer.version(uri.toString(), at, whole.text());
    if (!same) {
      versions.incrementAndGet();
      deltas.addAndGet(delta ? 1 : 0);
      if (delta && deltas.get() % COMPARE_EVERY == 0) {
        compareWithWhole(whole);
      }
    }
    for (Part part : whole.parts()) {
      parts.listed(part, at);
    }
    parts.compareSegments(whole);
    parts.fetchThoseThatLeft(whole, at);
    whole.hint().ifPresent(parts::hinted);
  }

  /** The version as a plain player gets it, unless a newer one is there already. */
  private void compareWithWhole(PlaylistText merged) throws IOException {
    HttpResponse<String> response = downloads.playlist(uri);
    if (response.statusCode() != 200) {
      return;
    }
    PlaylistText whole = PlaylistText.parse(response.body());
    boolean comparable =
        whole.lastMsn() == merged.lastMsn()
            && whole.partsInFlight().size() == merged.partsInFlight().size();
    if (comparable && !whole.content().equals(merged.content())) {
      failed("delta update leads to\n" + merged.text() + "instead of\n" + whole.text(), away);
    }
  }
}
