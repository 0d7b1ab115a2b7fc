package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;

class ViewerTrackerTest {

  private static final Duration TTL = Duration.ofSeconds(12);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private final ViewerTracker tracker = new ViewerTracker(nanos::get, 3, 7);

  @Test
  void countsEachSessionOncePerStream() {
    tracker.seen("a", 1, TTL);
    tracker.seen("a", 1, TTL);
    tracker.seen("a", 2, TTL);
    tracker.seen("b", 1, TTL);

    assertThat(tracker.count("a")).isEqualTo(2);
    assertThat(tracker.count("b")).isEqualTo(1);
    assertThat(tracker.count("c")).isZero();
    assertThat(tracker.total()).isEqualTo(3);
  }

  @Test
  void forgetsSessionsThatStopAsking() {
    tracker.seen("a", 1, TTL);
    tracker.seen("a", 2, TTL);
    advance(Duration.ofSeconds(8));
    tracker.seen("a", 2, TTL);
    advance(Duration.ofSeconds(4));

    assertThat(tracker.count("a")).isEqualTo(1);
    advance(TTL);
    assertThat(tracker.count("a")).isZero();
  }

  @Test
  void keepsNoMoreSessionsThanAllowed() {
    for (int session = 0; session < 100; session++) {
      tracker.seen("a", session, TTL);
    }

    assertThat(tracker.kept()).isEqualTo(3);
    assertThat(tracker.count("a")).isEqualTo(3);
  }

  @Test
  void makesRoomWhenSessionsExpire() {
    for (int session = 0; session < 3; session++) {
      tracker.seen("a", session, TTL);
    }
    advance(TTL);
    tracker.seen("b", 7, TTL);

    assertThat(tracker.count("b")).isEqualTo(1);
    assertThat(tracker.kept()).isEqualTo(1);
  }

  @Test
  void tellsSessionsApartByForwardedAddressOnlyWhenTrusted() {
    HttpRequest one =
        HttpRequest.GET("/").addHeader(RawHeader.create("X-Forwarded-For", "1.1.1.1"));
    HttpRequest two =
        HttpRequest.GET("/").addHeader(RawHeader.create("X-Forwarded-For", "2.2.2.2, 1.1.1.1"));

    assertThat(ViewerSession.of(one, true, 7)).isNotEqualTo(ViewerSession.of(two, true, 7));
    assertThat(ViewerSession.of(one, false, 7)).isEqualTo(ViewerSession.of(two, false, 7));
  }

  @Test
  void tellsSessionsBehindOneAddressApartByTheIdThatTheirPlayersSend() {
    HttpRequest none = HttpRequest.GET("/");
    HttpRequest one = none.addHeader(RawHeader.create(ViewerSession.SESSION_ID, "1A2B"));
    HttpRequest two = none.addHeader(RawHeader.create(ViewerSession.SESSION_ID, "3C4D"));

    assertThat(ViewerSession.of(one, false, 7)).isEqualTo(ViewerSession.of(one, false, 7));
    assertThat(ViewerSession.of(one, false, 7)).isNotEqualTo(ViewerSession.of(two, false, 7));
    assertThat(ViewerSession.of(one, false, 7)).isNotEqualTo(ViewerSession.of(none, false, 7));
  }

  @Test
  void nodesOfOneClusterGiveAPlayerTheSameSession() {
    long salt = ViewerTracker.ofCluster("a secret of the cluster").salt();

    assertThat(ViewerTracker.ofCluster("a secret of the cluster").salt()).isEqualTo(salt);
    assertThat(ViewerTracker.ofCluster("that of another one").salt()).isNotEqualTo(salt);
    assertThat(new ViewerTracker().salt()).isNotEqualTo(new ViewerTracker().salt());
  }

  @Test
  void samplesTheLivingSessionsOfAStream() {
    tracker.seen("a", 9, TTL);
    advance(TTL.dividedBy(2));
    tracker.seen("a", 5, TTL);
    tracker.seen("a", -5, TTL);
    assertThat(tracker.sample("a")).isEqualTo(new ViewerSample(3, List.of(-5L, 5L, 9L)));

    advance(TTL.dividedBy(2));
    assertThat(tracker.sample("a")).isEqualTo(new ViewerSample(2, List.of(-5L, 5L)));
    assertThat(tracker.sample("b")).isEqualTo(ViewerSample.NONE);
  }

  private void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }
}
