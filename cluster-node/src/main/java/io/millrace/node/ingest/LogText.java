package io.millrace.node.ingest;

/** Makes text of a peer fit for a log line. */
final class LogText {
  private static final int MAX_CHARACTERS = 120;

  private LogText() {}

  /**
   * Escapes everything but printable ASCII as {@code \}{@code uXXXX} (line breaks, terminal
   * sequences, bidirectional overrides) and cuts long text.
   */
  static String escape(String text) {
    StringBuilder out = new StringBuilder();
    int end = Math.min(text.length(), MAX_CHARACTERS);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7F && c != '\\') {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
    return end < text.length() ? out.append("...").toString() : out.toString();
  }
}
