package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MultivariantPlaylist.Media;
import io.millrace.testkit.hls.MultivariantPlaylist.Variant;
import java.util.List;
import java.util.Map;

/** Rules that one multivariant playlist keeps or breaks by itself. */
enum MultivariantRule {
  /** RFC 8216 §7 suggests 4 for EXT-X-MEDIA; nothing that we write needs more. */
  NEEDED_VERSION("H1") {
    @Override
    void check(MultivariantPlaylist p, Report report) {
      if (p.version() > 4) {
        report.add(id(), "VERSION " + p.version() + " (expected: 4 or less)");
      }
    }
  },
  INDEPENDENT_SEGMENTS("H12") {
    @Override
    void check(MultivariantPlaylist p, Report report) {
      if (!p.independentSegments()) {
        report.add(id(), "no INDEPENDENT-SEGMENTS");
      }
    }
  },
  ATTRIBUTES("H13") {
    @Override
    void check(MultivariantPlaylist p, Report report) {
      if (p.variants().isEmpty()) {
        report.add(id(), "no variant");
      }
      for (Variant v : p.variants()) {
        requireAll(v, List.of("BANDWIDTH", "AVERAGE-BANDWIDTH", "CODECS"), report);
        if (v.hasVideo()) {
          requireAll(v, List.of("RESOLUTION", "FRAME-RATE"), report);
        }
      }
    }

    private void requireAll(Variant v, List<String> names, Report report) {
      for (String name : names) {
        String value = v.attributes().get(name);
        if (value == null) {
          report.add(id(), v.uri() + " without " + name);
        } else if (!value.matches(FORMS.get(name))) {
          report.add(id(), v.uri() + " " + name + "=" + value);
        }
      }
    }
  },
  AVERAGE_BELOW_PEAK("H13") {
    @Override
    void check(MultivariantPlaylist p, Report report) {
      for (Variant v : p.variants()) {
        if (number(v, "AVERAGE-BANDWIDTH") > number(v, "BANDWIDTH")) {
          report.add(id(), v.uri() + " AVERAGE-BANDWIDTH above BANDWIDTH");
        }
      }
    }
  },
  AUDIO_MEDIA("H14") {
    @Override
    void check(MultivariantPlaylist p, Report report) {
      for (Media m : p.media()) {
        for (String name : List.of("TYPE", "GROUP-ID", "NAME", "URI", "CHANNELS")) {
          if (!m.attributes().containsKey(name)) {
            report.add(id(), "MEDIA without " + name);
          }
        }
      }
    }
  },
  AUDIO_GROUPS("H14") {
    @Override
    void check(MultivariantPlaylist p, Report report) {
      for (Variant v : p.variants()) {
        String group = v.attributes().get("AUDIO");
        boolean known = p.media().stream().anyMatch(m -> group == null || inGroup(m, group));
        if (group != null && !known) {
          report.add(id(), v.uri() + " names no MEDIA: AUDIO=" + group);
        } else if (group == null && known) {
          report.add(id(), v.uri() + " without AUDIO");
        }
      }
    }

    private boolean inGroup(Media m, String group) {
      return "AUDIO".equals(m.attributes().get("TYPE"))
          && group.equals(m.attributes().get("GROUP-ID"));
    }
  };

  private static final Map<String, String> FORMS =
      Map.of(
          "BANDWIDTH", "\\d{4,10}",
          "AVERAGE-BANDWIDTH", "\\d{4,10}",
          "CODECS", "[A-Za-z0-9.]+(,[A-Za-z0-9.]+)*",
          "RESOLUTION", "[1-9]\\d*x[1-9]\\d*",
          "FRAME-RATE", "\\d+\\.\\d{1,3}");

  private final String id;

  MultivariantRule(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  abstract void check(MultivariantPlaylist p, Report report);

  static long number(Variant v, String name) {
    String value = v.attributes().getOrDefault(name, "");
    return value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
  }
}
