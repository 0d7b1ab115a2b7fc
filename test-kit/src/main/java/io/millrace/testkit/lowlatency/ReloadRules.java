package io.millrace.testkit.lowlatency;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Rules about answers to blocking reloads: L5 (what is asked for is there, or the deadline has
 * come), L6 (what is refused), L11 (how long caches may keep an answer). Source: rfc8216bis
 * §6.2.5.2 and its appendix on caches.
 */
final class ReloadRules {
  private static final String QUERY = "?_HLS_msn=%d&_HLS_part=%d";
  private static final double LATEST_SECONDS = 8;
  private static final double LATEST_STANDING_SECONDS = 6;

  /** A machine that does other things, too. */
  private static final double SLACK_SECONDS = 1;

  private static final int RELOAD_TARGETS = 6;
  private static final int FAR = 100;

  /**
   * A position that a player asks for.
   *
   * @param part of the segment, from 0 on
   */
  record Position(long msn, int part) {

    /** What comes next. */
    static Position after(PlaylistText shown) {
      return new Position(shown.lastMsn() + 1, shown.partsInFlight().size());
    }

    String query() {
      return String.format(Locale.ROOT, QUERY, msn, part);
    }

    /** A part behind the last one of a segment is part 0 of the next; without parts, its end. */
    boolean isIn(PlaylistText text) {
      if (text.ended() || text.lastMsn() > msn) {
        return true;
      }
      int inFlight = text.partsInFlight().size();
      if (text.lastMsn() < msn) {
        return text.lastMsn() == msn - 1 && inFlight > part;
      }
      long listed = text.parts().stream().filter(p -> p.msn() == msn).count();
      return listed == 0 || part < listed || inFlight > 0;
    }
  }

  private ReloadRules() {}

  /**
   * What is wrong with a playlist that was answered.
   *
   * @param asked empty: a plain reload
   * @param whole delta updates merged
   */
  static List<String> check(
      Optional<Position> asked, PlaylistText whole, HttpResponse<String> answer, Duration after) {
    List<String> wrong = new ArrayList<>();
    int target = whole.targetSeconds();
    boolean reached = asked.isPresent() && asked.get().isIn(whole);
    double seconds = after.toMillis() / 1e3;
    double standing = Math.min(1.5 * target, LATEST_STANDING_SECONDS);
    if (asked.isPresent() && !reached && seconds < standing - SLACK_SECONDS / 2) {
      wrong.add("L5 " + asked.get() + " is not in the answer after " + after);
    }
    if (asked.isPresent() && seconds > Math.min(3.0 * target, LATEST_SECONDS) + SLACK_SECONDS) {
      wrong.add("L6 " + asked.get() + " answered after " + after);
    }
    long maxAge = maxAge(answer);
    if (!whole.ended() && reached && (maxAge < 1 || maxAge > (long) RELOAD_TARGETS * target)) {
      wrong.add("L11 " + asked.get() + " may be kept for " + maxAge + " s");
    }
    if (!whole.ended() && !reached && 2 * maxAge > target) {
      wrong.add("L11 " + answer.uri() + " may be kept for " + maxAge + " s");
    }
    return wrong;
  }

  /** Of Cache-Control, s; -1 without it. */
  private static long maxAge(HttpResponse<?> answer) {
    String value = answer.headers().firstValue("Cache-Control").orElse("");
    return value.matches("max-age=\\d{1,9}.*")
        ? Long.parseLong(value.substring("max-age=".length()).replaceFirst("\\D.*", ""))
        : -1;
  }

  /** What must be refused is asked for, or what must be ignored once the stream has ended. */
  static List<String> probe(URI playlist, PlaylistText shown, Downloads downloads)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    int expected = shown.ended() ? 200 : 400;
    Position next = Position.after(shown);
    List<String> queries = new ArrayList<>();
    queries.add(new Position(next.msn + FAR, 0).query());
    queries.add(new Position(next.msn, next.part + FAR).query());
    if (!shown.ended()) {
      queries.add("?_HLS_part=0");
    }
    for (String query : queries) {
      int status = downloads.playlist(URI.create(playlist + query)).statusCode();
      if (status != expected) {
        wrong.add("L6 " + query + " answers " + status + " (expected: " + expected + ")");
      }
    }
    return wrong;
  }
}
