package io.millrace.node.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Grafana needs of a dashboard to import it, and to show all of its panels. */
class DashboardTest {
  private static final Path FILE = Path.of("..", "conf", "grafana", "millrace.json");
  private static final int COLUMNS = 24;

  private static JsonNode dashboard;
  private static List<JsonNode> panels;

  @BeforeAll
  static void read() throws IOException {
    dashboard = new ObjectMapper().readTree(FILE.toFile());
    panels = new ArrayList<>();
    dashboard.path("panels").forEach(panels::add);
  }

  @Test
  void hasAnIdentityAndPanels() {
    assertThat(dashboard.path("uid").asText()).isNotEmpty();
    assertThat(dashboard.path("title").asText()).isNotEmpty();
    assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(36);
    assertThat(dashboard.has("id")).as("an id of its own would overwrite another's").isFalse();
    assertThat(panels).hasSizeGreaterThan(20);
  }

  @Test
  void everyPanelIsNamedExplainedAndAsksSomething() {
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : panels) {
      assertThat(ids.add(panel.path("id").asInt())).as("id of %s", panel).isTrue();
      assertThat(panel.path("title").asText()).as("%s", panel).isNotEmpty();
      assertThat(panel.path("type").asText()).isIn("row", "stat", "timeseries");
      if (!panel.path("type").asText().equals("row")) {
        assertThat(panel.path("description").asText()).as("%s", panel.path("title")).isNotEmpty();
        assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotEmpty();
        assertAsks(panel);
      }
    }
  }

  private static void assertAsks(JsonNode panel) {
    Set<String> names = new HashSet<>();
    assertThat(panel.path("targets")).as("%s", panel.path("title")).isNotEmpty();
    for (JsonNode target : panel.path("targets")) {
      assertThat(names.add(target.path("refId").asText())).as("%s", target).isTrue();
      assertThat(target.path("expr").asText()).as("%s", target).contains("job=\"millrace\"");
      assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
    }
  }

  @Test
  void panelsLieBesideEachOther() {
    Set<List<Integer>> cells = new HashSet<>();
    for (JsonNode panel : panels) {
      JsonNode place = panel.path("gridPos");
      int right = place.path("x").asInt() + place.path("w").asInt();
      assertThat(right).as("%s", panel.path("title")).isLessThanOrEqualTo(COLUMNS);
      for (int x = place.path("x").asInt(); x < right; x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          assertThat(cells.add(List.of(x, place.path("y").asInt() + y)))
              .as("%s covers another panel", panel.path("title"))
              .isTrue();
        }
      }
    }
  }

  @Test
  void everyVariableIsDefined() {
    Set<String> defined = new TreeSet<>(List.of("__rate_interval", "__all"));
    dashboard.at("/templating/list").forEach(entry -> defined.add(entry.path("name").asText()));
    Set<String> used =
        Pattern.compile("\\$\\{?([a-z_]+)")
            .matcher(dashboard.toString())
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toSet());

    assertThat(used).contains("datasource", "node").isSubsetOf(defined);
  }
}
