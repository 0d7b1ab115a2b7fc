package io.millrace.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
  private enum Policy {
    TAKE_OVER,
    REJECT
  }

  private static SettingsReader reader(String text) {
    return new SettingsReader(ConfigFactory.parseString(text));
  }

  @Test
  void readsValuesWithTheirUnits() {
    SettingsReader r = reader("a { d = 4s, n = 7, b = 2800k, m = 1.5M, s = 8MiB, p = take-over }");
    SettingsReader a = r.at("a");

    assertThat(a.duration("d", Duration.ZERO, Duration.ofSeconds(9))).hasSeconds(4);
    assertThat(a.integer("n", 1, 9)).isEqualTo(7);
    assertThat(a.bitrateBps("b", 0, 9_000_000)).isEqualTo(2_800_000);
    assertThat(a.bitrateBps("m", 0, 9_000_000)).isEqualTo(1_500_000);
    assertThat(a.bytes("s", 0, 1L << 30)).isEqualTo(8L << 20);
    assertThat(a.oneOf("p", Policy.class)).isEqualTo(Policy.TAKE_OVER);
    assertThatCode(r::finish).doesNotThrowAnyException();
  }

  @Test
  void reportsAllProblemsAtOnceWithPathValueAndRule() {
    SettingsReader r = reader("a { d = 40s, n = x, b = fast, p = maybe }, list = [ { w = 0 } ]");
    SettingsReader a = r.at("a");
    a.duration("d", Duration.ofSeconds(1), Duration.ofSeconds(10));
    a.integer("n", 1, 9);
    a.bitrateBps("b", 1, 100);
    a.oneOf("p", Policy.class);
    a.string("missing");
    r.list("list").get(0).integer("w", 2, 4096);

    SettingsException e = catchThrowableOfType(SettingsException.class, r::finish);

    assertThat(e.problems())
        .containsExactly(
            "a.d = 40s: must be a duration with its unit, from 1s to 10s",
            "a.n = x: must be a whole number from 1 to 9",
            "a.b = fast: must be bits per second from 1 to 100, e.g. 2800k",
            "a.p = maybe: must be one of take-over, reject",
            "a.missing = (not set): must be text",
            "list[0].w = 0: must be a whole number from 2 to 4096");
    assertThat(e).hasMessageStartingWith("6 problems in the configuration:");
  }

  @Test
  void reportsKeysThatDoNotExist() {
    Config reference = ConfigFactory.parseString("m { a = 1, l = [ { x = 1 } ], e = \"\" }");
    Config given = ConfigFactory.parseString("m { a = 2, aa = 3, l = [ { x = 2 } ] }, n.b = 1");
    SettingsReader r = new SettingsReader(reference);

    r.unknownKeys(given, reference);

    SettingsException e = catchThrowableOfType(SettingsException.class, r::finish);
    assertThat(e.problems()).containsExactly("m.aa: unknown key", "n.b: unknown key");
  }
}
