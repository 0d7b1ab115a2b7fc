package io.millrace.testkit.hls;

/** A playlist that the strict parser refuses. */
public final class PlaylistSyntaxException extends Exception {
  private final String ruleId;

  PlaylistSyntaxException(String ruleId, String text) {
    super(text);
    this.ruleId = ruleId;
  }

  PlaylistSyntaxException(String text) {
    this("SYNTAX", text);
  }

  /** The rule that the text breaks, {@code SYNTAX} if no other names it. */
  public String ruleId() {
    return ruleId;
  }
}
