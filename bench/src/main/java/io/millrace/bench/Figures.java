package io.millrace.bench;

import java.util.Arrays;
import java.util.Locale;

/** Values of repeated runs. */
record Figures(double[] sorted) {

  static Figures of(java.util.Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return new Figures(sorted);
  }

  double median() {
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  /** {@code median (lowest..highest)}. */
  String text(String format) {
    String f = format + " (" + format + ".." + format + ")";
    return String.format(Locale.ROOT, f, median(), sorted[0], sorted[sorted.length - 1]);
  }
}
