package io.millrace.testkit.hls;

import static io.millrace.testkit.hls.PlaylistText.START;
import static io.millrace.testkit.hls.PlaylistText.media;
import static io.millrace.testkit.hls.PlaylistText.multivariant;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResponseRulesTest {

  private final PlaylistLinter linter = new PlaylistLinter(Duration.ZERO);

  @BeforeEach
  void listSegments() {
    linter.observe("s/index.m3u8", START, multivariant());
    String gap = media(0, 7).replace("4.000000,\n1-5", "4.000000,\n#EXT-X-GAP\n1-5");
    linter.observe("s/source/index.m3u8", START, gap);
  }

  @Test
  void reportsAListedObjectThatIsMissing() {
    answer("s/source/1-3.m4s", 0, 404);
    answer("s/source/init-a.mp4", 0, 404);

    assertThat(ruleIds()).containsExactly("H16", "H16");
  }

  @Test
  void allowsTheUriOfAGapToBeMissing() {
    answer("s/source/1-5.m4s", 0, 404);

    assertThat(ruleIds()).isEmpty();
  }

  @Test
  void reportsARemovedSegmentThatIsMissingTooEarly() {
    String gap = media(1, 7).replace("4.000000,\n1-5", "4.000000,\n#EXT-X-GAP\n1-5");
    linter.observe("s/source/index.m3u8", START.plusSeconds(4), gap);

    answer("s/source/1-0.m4s", 4 + 32, 404);
    assertThat(ruleIds()).isEmpty();
    answer("s/source/1-0.m4s", 4 + 31, 404);
    assertThat(ruleIds()).containsExactly("H8");
  }

  @Test
  void reportsContentThatChangesBetweenNodes() {
    object("http://a:1/hls/s/source/1-3.m4s", "one");
    object("http://b:1/hls/s/source/1-3.m4s", "one");
    assertThat(ruleIds()).isEmpty();

    object("http://b:1/hls/s/source/1-3.m4s", "other");
    assertThat(ruleIds()).containsExactly("H9");
  }

  @Test
  void reportsSegmentsThatGoTogetherWithTheStream() {
    answer("s/index.m3u8", 10, 404);
    answer("s/source/1-3.m4s", 10 + 29, 404);
    assertThat(ruleIds()).isEmpty();

    answer("s/source/1-3.m4s", 10 + 27, 404);
    assertThat(ruleIds()).containsExactly("H18");
  }

  @Test
  void reportsWrongTypesMissingGzipAndRedirects() {
    playlist("text/plain", "gzip");
    playlist("application/vnd.apple.mpegurl", "");
    answer("s/source/1-3.m4s", 0, 302);

    assertThat(ruleIds()).containsOnly("H19").hasSizeGreaterThanOrEqualTo(3);
  }

  private void playlist(String type, String encoding) {
    linter.response(
        new ObservedResponse("s/index.m3u8", START, 200, type, encoding, true, new byte[0]));
  }

  private void answer(String url, int atSeconds, int status) {
    linter.response(
        new ObservedResponse(
            url, START.plusSeconds(atSeconds), status, "", "", false, new byte[0]));
  }

  private void object(String url, String content) {
    linter.response(
        new ObservedResponse(
            url,
            START,
            200,
            "video/mp4",
            "",
            false,
            content.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private List<String> ruleIds() {
    return linter.violations().stream().map(Violation::ruleId).toList();
  }
}
