package io.millrace.testkit.hls;

/** Strict parser of playlists, RFC 8216bis §4: what the writers do not write is an error. */
public final class PlaylistParser {

  private PlaylistParser() {}

  /**
   * @param text the whole playlist, lines ending with LF or CRLF
   * @throws PlaylistSyntaxException with the rule that is broken
   */
  public static ParsedPlaylist parse(String text) throws PlaylistSyntaxException {
    String[] lines = text.split("\r?\n", -1);
    if (!lines[0].equals("#EXTM3U")) {
      throw new PlaylistSyntaxException("H1", "first line: " + lines[0] + " (expected: #EXTM3U)");
    }
    if (!lines[lines.length - 1].isEmpty()) {
      throw new PlaylistSyntaxException("no line end after: " + lines[lines.length - 1]);
    }
    PlaylistDraft draft = new PlaylistDraft();
    for (String line : lines) {
      readLine(line, draft);
    }
    return draft.finish();
  }

  private static void readLine(String line, PlaylistDraft draft) throws PlaylistSyntaxException {
    if (line.startsWith("#EXT")) {
      int colon = line.indexOf(':');
      PlaylistTag tag = PlaylistTag.of(colon < 0 ? line : line.substring(0, colon));
      if (draft.streamInf != null) {
        throw new PlaylistSyntaxException("tag between STREAM-INF and its URI: " + line);
      }
      tag.checkPlace(draft);
      tag.read(colon < 0 ? "" : line.substring(colon + 1), draft);
    } else if (!line.isEmpty() && !line.startsWith("#")) {
      draft.uriLine(line);
    }
  }
}
