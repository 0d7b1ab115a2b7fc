package io.millrace.testkit.hls;

/**
 * A broken rule.
 *
 * @param ruleId {@code H1} ... {@code H20}, or {@code SYNTAX} for a line that RFC 8216bis does not
 *     allow or that this project does not write
 * @param playlist rendition name, empty for the multivariant playlist
 * @param text what is wrong, for people
 */
public record Violation(String ruleId, String playlist, String text) {
  @Override
  public String toString() {
    return ruleId + " [" + (playlist.isEmpty() ? "multivariant" : playlist) + "] " + text;
  }
}
