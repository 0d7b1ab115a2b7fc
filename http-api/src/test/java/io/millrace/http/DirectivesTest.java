package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectivesTest {

  @ParameterizedTest
  @CsvSource({
    "_HLS_msn=17&_HLS_part=3&_HLS_skip=YES, 17, 3, true",
    "_HLS_msn=17, 17, -1, false",
    "a=b&_HLS_msn=17&token=%2F&_HLS_other=1, 17, -1, false",
    "_HLS_msn=17&_HLS_msn=x&_HLS_part=0&_HLS_part=, 17, 0, false",
    "_HLS_skip=v2, -1, -1, true",
    "_HLS_skip=NO, -1, -1, false",
    "_HLS_skip=NO&_HLS_skip=YES, -1, -1, false",
    "x_HLS_msn=5, -1, -1, false",
    "_hls_msn=5, -1, -1, false",
    "_HLS_msn=999999999999999999&_HLS_part=999999, 999999999999999999, 999999, false"
  })
  void takesTheFirstValueOfEachNameAndIgnoresOthers(
      String query, long msn, int part, boolean skip) {
    Directives asked = Directives.parse(query);

    assertThat(asked.problem()).isNull();
    assertThat(asked.msn().orElse(-1)).isEqualTo(msn);
    assertThat(asked.part().orElse(-1)).isEqualTo(part);
    assertThat(asked.skip()).isEqualTo(skip);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_HLS_part=1",
        "_HLS_msn=",
        "_HLS_msn=-1",
        "_HLS_msn=+1",
        "_HLS_msn=1.5",
        "_HLS_msn=1000000000000000000",
        "_HLS_msn=%31",
        "_HLS_msn=1&_HLS_part=",
        "_HLS_msn=1&_HLS_part=-1",
        "_HLS_msn=1&_HLS_part=1000000",
        "_HLS_msn=\u0661"
      })
  void refusesWhatIsNoPosition(String query) {
    assertThat(Directives.parse(query).problem()).startsWith("_HLS_").contains("(expected: ");
  }

  @Test
  void repeatsOnlyTheStartOfALongValue() {
    assertThat(Directives.parse("_HLS_msn=" + "x".repeat(2000)).problem()).hasSizeLessThan(100);
  }

  @Test
  void saysNothingWithoutAQuery() {
    assertThat(Directives.parse("")).isEqualTo(Directives.NONE);
  }
}
