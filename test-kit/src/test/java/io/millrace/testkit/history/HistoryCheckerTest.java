package io.millrace.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import io.millrace.testkit.hls.RecordedRendition;
import io.millrace.testkit.hls.RecordedSegment;
import io.millrace.testkit.hls.Recording;
import io.millrace.testkit.hls.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryCheckerTest {
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  @TempDir Path directory;

  private final List<OwnerSighting> sightings = new ArrayList<>();

  @Test
  void acceptsAnOwnerWhoIsFollowedByAnother() {
    sightings.add(sighting("node-1", 1));
    sightings.add(sighting("node-2", 2));

    assertThat(problems(2, "1-0.m4s", "1-1.m4s", "2-2.m4s")).isEmpty();
  }

  @Test
  void findsTwoOwnersOfOneEpoch() {
    sightings.add(sighting("node-1", 1));
    sightings.add(sighting("node-2", 1));

    assertThat(problems(1, "1-0.m4s")).containsExactly("epoch 1 has the owners [node-1, node-2]");
  }

  @Test
  void findsASegmentOfAnEarlierOwner() {
    assertThat(problems(0, "1-0.m4s", "2-1.m4s", "1-2.m4s"))
        .containsExactly("a:80/source: 1-2.m4s after epoch 2");
  }

  @Test
  void findsAnOwnerTooMany() {
    assertThat(problems(1, "1-0.m4s", "2-1.m4s"))
        .containsExactly("segments of epochs [1, 2], not of 1");
  }

  @Test
  void findsWhatWasNeverListedExceptOnNodesThatWereAway() {
    RecordedRendition holed = rendition(List.of(segment(0, "1-0.m4s"), segment(2, "1-2.m4s")));
    Map<String, Recording> recordings =
        Map.of("a:80", recording(holed, List.of()), "b:80", recording(holed, List.of()));
    StreamHistory history =
        new StreamHistory(recordings, Set.of("b:80"), sightings, List.of(), List.of());

    assertThat(HistoryChecker.check(history, new Expectation(List.of(), 0, 0)).problems())
        .containsExactly("a:80/source: never listed [1]");
  }

  @Test
  void findsGapsExceptWhereASessionEndsWithoutSound() {
    List<RecordedSegment> segments =
        List.of(
            gap(0, 4, false),
            gap(1, 0.03, false),
            gap(2, 4, true),
            gap(3, 4, false),
            gap(4, 0.03, true));
    RecordedRendition audio = new RecordedRendition("audio", true, true, segments);
    RecordedRendition video = new RecordedRendition("source", false, true, segments.subList(0, 2));

    assertThat(problems(audio)).contains("a:80/audio: gaps at [0, 2, 3]");
    assertThat(problems(video)).contains("a:80/source: gaps at [0, 1]");
  }

  private List<String> problems(RecordedRendition rendition) {
    return problems(0, recording(rendition, List.of()));
  }

  private static RecordedSegment gap(long msn, double seconds, boolean discontinuity) {
    Segment listed =
        new Segment(
            msn, "1-" + msn + ".m4s", seconds, discontinuity, 0, true, Optional.empty(), "init");
    return new RecordedSegment(listed, START, Optional.empty(), Optional.empty());
  }

  @Test
  void leavesOutTheRhythmOfSegmentsOnly() {
    List<Violation> violations =
        List.of(new Violation("H6", "source", "late"), new Violation("H9", "source", "changed"));
    Recording recording = recording(rendition(List.of(segment(0, "1-0.m4s"))), violations);

    assertThat(problems(0, recording)).containsExactly("H9 [source] changed");
  }

  @Test
  void findsTheSameVersionWithAnotherTextOnAnotherNode() {
    VersionArchive archive = new VersionArchive(directory);
    archive.version("http://a:80/hls/s/source/index.m3u8", START, playlist("1-0.m4s"));
    archive.version("http://b:80/hls/s/source/index.m3u8", START, playlist("1-0.m4s"));
    assertThat(archive.problems()).isEmpty();

    archive.version("http://b:80/hls/s/source/index.m3u8", START, playlist("2-0.m4s"));
    assertThat(archive.problems()).hasSize(1);
    assertThat(archive.problems().get(0)).endsWith("on b:80 is not what a:80 showed");
  }

  @Test
  void measuresFromTheFaultToTheNewOwnersFirstSegment() {
    List<SegmentListed> growths =
        List.of(
            new SegmentListed("a:80", "source", 0, false, START),
            new SegmentListed("a:80", "source", 1, false, START.plusSeconds(4)),
            new SegmentListed("a:80", "source", 2, true, START.plusSeconds(13)));
    StreamHistory history = new StreamHistory(Map.of(), Set.of(), List.of(), List.of(), growths);

    assertThat(history.untilNewEpochListed(START.plusSeconds(5))).isEqualTo(Duration.ofSeconds(8));
    assertThat(history.longestGap()).isEqualTo(Duration.ofSeconds(9));
  }

  private List<String> problems(int owners, String... uris) {
    List<RecordedSegment> segments = new ArrayList<>();
    for (String uri : uris) {
      segments.add(segment(segments.size(), uri));
    }
    return problems(owners, recording(rendition(segments), List.of()));
  }

  private List<String> problems(int owners, Recording recording) {
    StreamHistory history =
        new StreamHistory(Map.of("a:80", recording), Set.of(), sightings, List.of(), List.of());
    return HistoryChecker.check(history, new Expectation(List.of(), 0, owners)).problems();
  }

  private static Recording recording(RecordedRendition rendition, List<Violation> violations) {
    return new Recording(Optional.empty(), List.of(rendition), violations, List.of());
  }

  private static RecordedRendition rendition(List<RecordedSegment> segments) {
    return new RecordedRendition("source", false, true, segments);
  }

  private static RecordedSegment segment(long msn, String uri) {
    Segment listed = new Segment(msn, uri, 4, false, 0, false, Optional.empty(), "init-1.mp4");
    return new RecordedSegment(listed, START, Optional.empty(), Optional.empty());
  }

  private static OwnerSighting sighting(String owner, long epoch) {
    return new OwnerSighting(START, "a:80", "live", owner, epoch, 1);
  }

  private static String playlist(String uri) {
    return """
    #EXTM3U
    #EXT-X-VERSION:6
    #EXT-X-TARGETDURATION:4
    #EXT-X-MEDIA-SEQUENCE:0
    #EXT-X-DISCONTINUITY-SEQUENCE:0
    #EXT-X-MAP:URI="init-1.mp4"
    #EXTINF:4.000,
    %s
    """
        .formatted(uri);
  }
}
