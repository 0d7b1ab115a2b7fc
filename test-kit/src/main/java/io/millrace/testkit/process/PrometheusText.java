package io.millrace.testkit.process;

/** Reads figures out of the Prometheus text format. */
final class PrometheusText {
  private PrometheusText() {}

  /** Sum of all samples of {@code name} whose label text contains {@code labels}. */
  static double sum(String text, String name, String labels) {
    return text.lines()
        .filter(line -> hasName(line, name) && line.contains(labels))
        .mapToDouble(PrometheusText::value)
        .sum();
  }

  private static boolean hasName(String line, String name) {
    return line.startsWith(name)
        && line.length() > name.length()
        && (line.charAt(name.length()) == ' ' || line.charAt(name.length()) == '{');
  }

  private static double value(String line) {
    int labelsEnd = line.lastIndexOf('}');
    String rest = labelsEnd < 0 ? line.substring(line.indexOf(' ')) : line.substring(labelsEnd + 1);
    return Double.parseDouble(rest.strip().split(" ", 2)[0]);
  }
}
