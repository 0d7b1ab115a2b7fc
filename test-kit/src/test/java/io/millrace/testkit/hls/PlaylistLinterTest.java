package io.millrace.testkit.hls;

import static io.millrace.testkit.hls.PlaylistText.START;
import static io.millrace.testkit.hls.PlaylistText.media;
import static io.millrace.testkit.hls.PlaylistText.multivariant;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlaylistLinterTest {

  /** One broken sequence: the playlists in order, the rule that must be found, and no other. */
  record Case(String name, String ruleId, List<Step> steps) {
    @Override
    public String toString() {
      return ruleId + " " + name;
    }
  }

  /** One playlist at a time after the start, from a path. */
  record Step(double atSeconds, String path, String text) {}

  static Stream<Case> brokenPlaylists() {
    return Stream.of(
            singleVersions(),
            sequences(),
            aroundTheEndOfTheWindow(),
            acrossRenditions(),
            multivariants())
        .flatMap(s -> s);
  }

  private static Stream<Case> singleVersions() {
    return Stream.of(
        one("does not start with EXTM3U", "H1", media(0, 3).substring(8)),
        one("has VERSION twice", "H1", edit("VERSION:6\n", "VERSION:6\n#EXT-X-VERSION:6\n")),
        one("has a VERSION higher than needed", "H1", edit("VERSION:6", "VERSION:9")),
        one("has a VERSION too low for MAP", "H1", edit("VERSION:6", "VERSION:3")),
        one("has no TARGETDURATION", "H2", edit("#EXT-X-TARGETDURATION:4\n", "")),
        one("has a segment longer than TARGETDURATION", "H2", media(0, 3, 4.6, 4)),
        one(
            "has MEDIA-SEQUENCE behind a segment",
            "H3",
            edit("#EXT-X-MEDIA-SEQUENCE:0\n", "") + "#EXT-X-MEDIA-SEQUENCE:0\n"),
        one("has no DISCONTINUITY-SEQUENCE", "H4", edit("#EXT-X-DISCONTINUITY-SEQUENCE:0\n", "")),
        one(
            "has DISCONTINUITY-SEQUENCE behind DISCONTINUITY",
            "H4",
            edit(
                "#EXT-X-DISCONTINUITY-SEQUENCE:0\n",
                "#EXT-X-DISCONTINUITY\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n")),
        one("has fewer than 6 segments after removal", "H7", media(5, 5)),
        one("is shorter than 3 target durations", "H7", media(5, 10, 1.0, 4)),
        one(
            "changes the init segment without DISCONTINUITY",
            "H10",
            edit("4.000000,\n1-1", "4.000000,\n#EXT-X-MAP:URI=\"init-b.mp4\"\n1-1")),
        one(
            "has a segment without PROGRAM-DATE-TIME",
            "H11",
            edit("#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:04Z\n", "")),
        one("drifts from PROGRAM-DATE-TIME", "H11", edit("00:00:04Z", "00:00:04.200Z")),
        one("has no MAP", "H15", edit("#EXT-X-MAP:URI=\"init-a.mp4\"\n", "").replace(":6", ":3")),
        one(
            "has a segment behind ENDLIST",
            "H17",
            edit("#EXTINF:4.000000,\n1-2", "#EXT-X-ENDLIST\n#EXTINF:4.000000,\n1-2")),
        one("is VOD without ENDLIST", "H17", edit(":6\n", ":6\n#EXT-X-PLAYLIST-TYPE:VOD\n")),
        one("has an unknown tag", "SYNTAX", edit(":6\n", ":6\n#EXT-X-COLOUR:RED\n")),
        one("has a URI without EXTINF", "SYNTAX", media(0, 3) + "1-3.m4s\n"));
  }

  private static Stream<Case> sequences() {
    String first = media(0, 7);
    return Stream.of(
        next("changes TARGETDURATION", "H2", first, media(0, 8, 4.0, 5)),
        next("takes MEDIA-SEQUENCE back", "H3", media(2, 7), media(1, 8)),
        next(
            "does not count a removed segment",
            "H3",
            first,
            media(1, 7).replace("MEDIA-SEQUENCE:1", "MEDIA-SEQUENCE:0")),
        next("leaps over segments", "H3", first, media(9, 7)),
        next("is cut at the end", "H5", first, media(0, 6)),
        next(
            "edits a listed duration",
            "H5",
            first,
            media(0, 8).replace("#EXTINF:4.000000,\n1-3.", "#EXTINF:3.990000,\n1-3.")),
        next("replaces a listed segment", "H5", first, media(0, 8).replace("1-3.m4s", "2-3.m4s")),
        sequence("comes too early", "H6", 0, first, 1.5, media(0, 8)),
        sequence("comes too late", "H6", 0, first, 7.5, media(0, 8)),
        sequence("does not come at all", "H6", 0, first, 7.5, first),
        next("changes after ENDLIST", "H17", first + "#EXT-X-ENDLIST\n", media(0, 8)));
  }

  private static Stream<Case> aroundTheEndOfTheWindow() {
    String discontinuity = "#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:12Z";
    String before =
        media(3, 7).replace("#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:12Z", discontinuity);
    return Stream.of(next("does not count a removed DISCONTINUITY", "H4", before, media(4, 7)));
  }

  private static Stream<Case> acrossRenditions() {
    String plain = media(0, 7);
    String discontinuity = plain.replace("4.000000,\n1-6", "4.000000,\n#EXT-X-DISCONTINUITY\n1-6");
    String gap = plain.replace("4.000000,\n1-6", "4.000000,\n#EXT-X-GAP\n1-6");
    return Stream.of(
        pair("has a DISCONTINUITY in one rendition only", "H10", "720p", plain, discontinuity),
        pair(
            "cuts two video renditions differently",
            "H10",
            "720p",
            plain,
            plain.replace("4.000000,\n1-6", "3.900000,\n1-6")),
        pair(
            "has another PROGRAM-DATE-TIME in another rendition",
            "H11",
            "720p",
            plain,
            plain.replaceAll("00:00:(\\d\\d)Z", "00:00:$1.100Z")),
        pair(
            "has another target duration in another rendition",
            "H14",
            "audio",
            plain,
            media(0, 7, 4.0, 5)),
        pair(
            "has audio of another length",
            "H14",
            "audio",
            plain,
            plain.replace("4.000000,\n1-6", "3.500000,\n1-6")),
        new Case(
            "has a GAP in every video rendition",
            "H16",
            List.of(
                new Step(0, "s/index.m3u8", multivariant()),
                new Step(0, "s/source/index.m3u8", gap),
                new Step(0, "s/720p/index.m3u8", gap))));
  }

  private static Stream<Case> multivariants() {
    String plain = multivariant();
    return Stream.of(
        multi("has a VERSION higher than needed", "H1", plain.replace("VERSION:4", "VERSION:7")),
        multi(
            "has no INDEPENDENT-SEGMENTS",
            "H12",
            plain.replace("#EXT-X-INDEPENDENT-SEGMENTS\n", "")),
        multi("has no CODECS", "H13", plain.replace("CODECS=\"avc1.64001f,mp4a.40.2\",", "")),
        multi("has no AVERAGE-BANDWIDTH", "H13", plain.replace("AVERAGE-BANDWIDTH=2900000,", "")),
        multi("has no RESOLUTION", "H13", plain.replace("RESOLUTION=1280x720,", "")),
        multi("has no FRAME-RATE", "H13", plain.replace(",FRAME-RATE=30.000", "")),
        multi("has its average above its peak", "H13", plain.replace("=2900000", "=4900000")),
        multi("names an unknown audio group", "H14", plain.replace("ID=\"aud\"", "ID=\"other\"")),
        multi("has MEDIA without CHANNELS", "H14", plain.replace("CHANNELS=\"2\",", "")),
        multi(
            "has a variant without audio", "H14", plain.replace("30.000,AUDIO=\"aud\"", "30.000")),
        new Case(
            "changes CODECS",
            "H13",
            List.of(
                new Step(0, "s/index.m3u8", plain),
                new Step(1, "s/index.m3u8", plain.replace("64001f", "64001e")))),
        new Case(
            "raises BANDWIDTH a little",
            "H13",
            List.of(
                new Step(0, "s/index.m3u8", plain),
                new Step(1, "s/index.m3u8", plain.replace("=4000000", "=4100000")))));
  }

  @ParameterizedTest
  @MethodSource("brokenPlaylists")
  void findsExactlyTheBrokenRule(Case broken) {
    PlaylistLinter linter = new PlaylistLinter(Duration.ofMillis(200));

    broken.steps().forEach(step -> observe(linter, step));

    assertThat(linter.violations()).as(linter.violations().toString()).isNotEmpty();
    assertThat(linter.violations()).extracting(Violation::ruleId).containsOnly(broken.ruleId());
  }

  @Test
  void passesALiveStreamWithAReconnectUntilItsEnd() {
    PlaylistLinter linter = new PlaylistLinter(Duration.ofMillis(200));
    observe(linter, new Step(0, "s/index.m3u8", multivariant()));
    for (int count = 1; count <= 7; count++) {
      for (String rendition : List.of("source", "720p", "audio")) {
        observe(linter, new Step(count * 4, "s/" + rendition + "/index.m3u8", media(0, count)));
      }
    }
    for (int first = 1; first <= 5; first++) {
      observe(linter, new Step(28 + first * 4, "s/source/index.m3u8", media(first, 7)));
      observe(linter, new Step(29 + first * 4, "s/source/index.m3u8", media(first, 7)));
    }
    linter.reconnecting(true);
    observe(linter, new Step(78, "s/source/index.m3u8", media(5, 7)));
    linter.reconnecting(false);
    String back =
        media(6, 7)
            .replace("4.000000,\n1-12", "4.000000,\n#EXT-X-DISCONTINUITY\n1-12")
            .replace("00:00:48Z", "00:01:10Z");
    observe(linter, new Step(80, "s/source/index.m3u8", back));
    observe(linter, new Step(83, "s/source/index.m3u8", back + "#EXT-X-ENDLIST\n"));

    assertThat(linter.violations()).isEmpty();
  }

  @Test
  void comparesNodesByWhatTheyListAndNotByWhen() {
    PlaylistLinter linter = new PlaylistLinter(Duration.ofMillis(200));
    observe(linter, new Step(0, "http://a:1/hls/s/source/index.m3u8", media(1, 7)));
    observe(linter, new Step(0.1, "http://b:1/hls/s/source/index.m3u8", media(0, 7)));

    assertThat(linter.violations()).isEmpty();

    String other = media(2, 7).replace("1-5.m4s", "2-5.m4s");
    observe(linter, new Step(4, "http://b:1/hls/s/source/index.m3u8", other));
    assertThat(linter.violations()).extracting(Violation::ruleId).containsExactly("H5");
  }

  @Test
  void allowsBandwidthToRiseByAQuarterAndASuspendedRungToDisappear() {
    PlaylistLinter linter = new PlaylistLinter(Duration.ZERO);
    observe(linter, new Step(0, "s/index.m3u8", multivariant()));
    String raised = multivariant().replace("=4000000", "=5000000");
    observe(linter, new Step(1, "s/index.m3u8", raised));
    observe(
        linter,
        new Step(
            2,
            "s/index.m3u8",
            raised.substring(0, raised.indexOf("#EXT-X-STREAM-INF:BANDWIDTH=5"))));

    assertThat(linter.violations()).isEmpty();
  }

  private static void observe(PlaylistLinter linter, Step step) {
    linter.observe(step.path(), at(step.atSeconds()), step.text());
  }

  private static Instant at(double seconds) {
    return START.plusMillis((long) (seconds * 1000));
  }

  private static String edit(String from, String to) {
    String plain = media(0, 3);
    assertThat(plain).contains(from);
    return plain.replace(from, to);
  }

  private static Case one(String name, String ruleId, String text) {
    return new Case(name, ruleId, List.of(new Step(0, "s/source/index.m3u8", text)));
  }

  private static Case multi(String name, String ruleId, String text) {
    return new Case(name, ruleId, List.of(new Step(0, "s/index.m3u8", text)));
  }

  private static Case next(String name, String ruleId, String first, String second) {
    return sequence(name, ruleId, 0, first, 4, second);
  }

  private static Case sequence(
      String name, String ruleId, double at, String first, double later, String second) {
    return new Case(
        name,
        ruleId,
        List.of(
            new Step(at, "s/source/index.m3u8", first),
            new Step(later, "s/source/index.m3u8", second)));
  }

  private static Case pair(
      String name, String ruleId, String rendition, String first, String second) {
    return new Case(
        name,
        ruleId,
        List.of(
            new Step(0, "s/source/index.m3u8", first),
            new Step(0, "s/" + rendition + "/index.m3u8", second)));
  }
}
