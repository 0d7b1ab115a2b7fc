package io.millrace.testkit.hls;

import static io.millrace.testkit.hls.LowLatencyPlaylists.delta;
import static io.millrace.testkit.hls.LowLatencyPlaylists.playlist;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules L1 to L9 of the linter; each is broken. */
class LowLatencyLinterTest {
  private final PlaylistLinter linter = new PlaylistLinter(Duration.ofSeconds(10));

  private List<String> rulesOf(String... versions) {
    for (int i = 0; i < versions.length; i++) {
      linter.observe("s/source/index.m3u8", PlaylistText.START.plusSeconds(40 + i), versions[i]);
    }
    return linter.violations().stream().map(Violation::ruleId).distinct().toList();
  }

  private static Arguments broken(String name, String rule, String from, String to) {
    String good = playlist(2, 8, 2);
    assertThat(good).contains(from);
    return Arguments.of(name, rule, good.replace(from, to));
  }

  static Stream<Arguments> versions() {
    String lastPart = "#EXT-X-PART:DURATION=1.000000,URI=\"1-10.1.m4s\"\n";
    return Stream.of(
        broken("parts without PART-INF", "L1", "#EXT-X-PART-INF:PART-TARGET=1.020\n", ""),
        broken("a part that is too long", "L1", "1.000000,URI=\"1-10.1", "1.100000,URI=\"1-10.1"),
        broken(
            "a part that is too short",
            "L1",
            lastPart,
            lastPart.replace("1.000000", "0.800000") + lastPart.replace(".1.m4s", ".2.m4s")),
        broken("no blocking reload", "L2", "CAN-BLOCK-RELOAD=YES,", ""),
        broken("a short PART-HOLD-BACK", "L2", "PART-HOLD-BACK=3.060", "PART-HOLD-BACK=3.000"),
        broken("a short HOLD-BACK", "L2", ",HOLD-BACK=12.0", ",HOLD-BACK=11.9"),
        broken("a short CAN-SKIP-UNTIL", "L2", "CAN-SKIP-UNTIL=24.0", "CAN-SKIP-UNTIL=20.0"),
        broken(
            "parts that are not their segment",
            "L3",
            "1.000000,URI=\"1-9.3",
            "0.900000,URI=\"1-9.3"),
        broken(
            "a segment that starts without an IDR",
            "L3",
            "\"1-10.0.m4s\",INDEPENDENT=YES",
            "\"1-10.0.m4s\""),
        broken(
            "a date behind a part",
            "L3",
            lastPart,
            lastPart + "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:40Z\n"),
        broken(
            "a part of an old segment",
            "L4",
            "#EXTINF:4.000000,\n1-4.m4s",
            "#EXT-X-PART:DURATION=4.000000,URI=\"1-4.0.m4s\",INDEPENDENT=YES\n"
                + "#EXTINF:4.000000,\n1-4.m4s"),
        broken("no hint", "L8", "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"1-10.2.m4s\"\n", ""),
        broken("a hint of a map", "L8", "TYPE=PART", "TYPE=MAP"),
        broken(
            "two hints",
            "L8",
            "#EXT-X-RENDITION-REPORT",
            "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"1-10.3.m4s\"\n#EXT-X-RENDITION-REPORT"));
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("versions")
  void findsTheRuleThatAVersionBreaks(String name, String rule, String text) {
    assertThat(rulesOf(text)).as(name).contains(rule);
  }

  static Stream<Arguments> sequences() {
    return Stream.of(
        Arguments.of(
            "a part that changes",
            "L3",
            playlist(2, 8, 2),
            playlist(2, 8, 3).replace("\"1-10.1.m4s\"", "\"1-10.1.m4s\",INDEPENDENT=YES")),
        Arguments.of("a part that disappears", "L3", playlist(2, 8, 2), playlist(2, 8, 1)),
        Arguments.of(
            "a part sequence that ends without another owner",
            "L3",
            playlist(2, 8, 2),
            withoutPartsOf10(playlist(2, 9, 0))),
        Arguments.of(
            "another PART-TARGET",
            "L1",
            playlist(2, 8, 2),
            playlist(2, 8, 3).replace("PART-TARGET=1.020", "PART-TARGET=1.010")),
        Arguments.of(
            "a hint that does not come true",
            "L8",
            playlist(2, 8, 2).replace("1-10.2.m4s", "1-10.7.m4s"),
            playlist(2, 8, 3)),
        Arguments.of(
            "a report that goes back",
            "L9",
            playlist(2, 8, 2),
            playlist(2, 8, 3).replace("LAST-PART=2", "LAST-PART=0")),
        Arguments.of(
            "a delta update of what was never listed", "L7", playlist(5, 5, 2), delta(2, 8, 3)),
        Arguments.of(
            "a delta update that skips too much",
            "L7",
            playlist(2, 8, 2),
            delta(2, 8, 3).replace("CAN-SKIP-UNTIL=24.0", "CAN-SKIP-UNTIL=40.0")));
  }

  private static String withoutPartsOf10(String text) {
    return text.replaceAll("#EXT-X-PART:[^\n]*1-10\\.[^\n]*\n", "");
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("sequences")
  void findsTheRuleThatANewVersionBreaks(String name, String rule, String first, String second) {
    assertThat(rulesOf(first, second)).as(name).contains(rule);
  }

  @Test
  void wantsAReportOfEachOtherRendition() {
    linter.observe("s/480p/index.m3u8", PlaylistText.START, playlist(2, 8, 2));

    assertThat(rulesOf(playlist(2, 8, 2))).isEmpty();
    assertThat(rulesOf(playlist(2, 8, 3))).contains("L9");
  }

  @Test
  void acceptsPartsSegmentsAndDeltaUpdates() {
    assertThat(
            rulesOf(
                playlist(2, 8, 2),
                playlist(2, 8, 3),
                delta(2, 8, 4).replace("1-10.4.m4s", "1-11.0.m4s"),
                delta(2, 9, 0),
                playlist(3, 8, 1)))
        .isEmpty();
  }

  @Test
  void allowsAnotherOwnerToEndAPartSequence() {
    String next =
        withoutPartsOf10(playlist(2, 9, 0))
            .replace("1-10.m4s", "2-10.m4s")
            .replace("URI=\"1-11.0.m4s\"", "URI=\"2-11.0.m4s\"");

    assertThat(rulesOf(playlist(2, 8, 2), next)).isEmpty();
  }

  @Test
  void waitsForTheSegmentToJudgeAPartSequenceThatEnds() {
    String next = withoutPartsOf10(playlist(2, 9, 0));
    String byAnother = next.replace("1-10.m4s", "2-10.m4s").replace("1-11.0.m4s", "2-11.0.m4s");

    assertThat(rulesOf(playlist(2, 8, 2), undecided(), undecided(), byAnother)).isEmpty();
  }

  /** A handover: the last segment of the one owner is whole before the other comes. */
  @Test
  void waitsForTheNextOwnersFirstSegmentWhenTheOneBeforeIsWhole() {
    String handedOver =
        withoutPartsOf10(playlist(2, 9, 0)).replaceAll("#EXT-X-PRELOAD-HINT[^\\n]*\\n", "");
    String next =
        withoutPartsOf10(playlist(2, 10, 0))
            .replaceAll("#EXT-X-PART:[^\\n]*1-11\\.[^\\n]*\\n", "")
            .replace("1-11.m4s", "2-11.m4s")
            .replace("1-12.0.m4s", "2-12.0.m4s");

    assertThat(rulesOf(playlist(2, 8, 2), handedOver, next)).isEmpty();
  }

  @Test
  void allowsAnOwnerThatHasMadeNothingToEndThePlaylist() {
    String ended =
        withoutPartsOf10(playlist(2, 9, 0)).replaceAll("#EXT-X-(PRELOAD|REND)[^\\n]*\\n", "")
            + "#EXT-X-ENDLIST\n";

    assertThat(rulesOf(playlist(2, 8, 2), ended)).containsExactly("L3");
    String another = ended.replaceAll("#EXT-X-PART:[^\\n]*\\n", "");
    assertThat(rulesOfNew(playlist(2, 8, 2), another)).isEmpty();
  }

  private static List<String> rulesOfNew(String... versions) {
    return new LowLatencyLinterTest().rulesOf(versions);
  }

  @Test
  void findsAPartSequenceThatTheSameOwnerEndedSomeVersionsBefore() {
    assertThat(rulesOf(playlist(2, 8, 2), undecided())).isEmpty();
    assertThat(rulesOf(withoutPartsOf10(playlist(2, 9, 0)))).containsExactly("L3");
  }

  /** The parts in flight are gone, and nothing is said of what comes. */
  private static String undecided() {
    return playlist(2, 8, 2)
        .replaceAll("#EXT-X-(PRELOAD-HINT|PART:[^\n]*1-10\\.)[^\n]*\n", "")
        .replaceAll("#EXT-X-PROGRAM-DATE-TIME[^\n]*\n#EXT-X-REND", "#EXT-X-REND");
  }
}
