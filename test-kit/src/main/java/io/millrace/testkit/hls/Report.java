package io.millrace.testkit.hls;

/** Where a rule puts what it found. */
@FunctionalInterface
interface Report {
  void add(String ruleId, String text);
}
