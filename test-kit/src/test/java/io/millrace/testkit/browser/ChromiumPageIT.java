package io.millrace.testkit.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@EnabledIf(value = "hasChromium", disabledReason = "chromium is not installed")
class ChromiumPageIT {
  private static final URI PAGE =
      URI.create("data:text/html,%3Ctitle%3Ehello%3C/title%3E%3Cbody%3Etext");

  static boolean hasChromium() {
    return ChromiumPage.program().isPresent();
  }

  @Test
  void evaluatesScriptsAndTakesScreenshots(@TempDir Path directory) throws IOException {
    try (ChromiumPage page = ChromiumPage.open(400, 300)) {
      page.navigate(PAGE);

      JsonNode answer = page.evaluate("Promise.resolve({title: document.title, sum: 1 + 2})");
      Path picture = directory.resolve("page.png");
      page.screenshot(picture);

      assertThat(answer.get("title").asText()).isEqualTo("hello");
      assertThat(answer.get("sum").asInt()).isEqualTo(3);
      assertThat(page.evaluate("innerWidth + 'x' + innerHeight").asText()).isEqualTo("400x300");
      assertThat(Files.size(picture)).isGreaterThan(100);
      assertThatThrownBy(() -> page.evaluate("throw new Error('broken')"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("broken");
    }
  }
}
