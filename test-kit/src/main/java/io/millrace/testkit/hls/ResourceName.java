package io.millrace.testkit.hls;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parts of a URL below {@code /hls/STREAM/}.
 *
 * @param node authority, empty for a relative URL
 * @param rendition directory of the file; of the multivariant playlist this is the stream's id
 * @param file last part of the path
 */
record ResourceName(String node, String rendition, String file) {
  private static final Pattern OF_AN_EPOCH = Pattern.compile("(\\d{1,18})-\\d+(\\.\\d+)?\\.m4s");

  /** Incarnation of the owner that made a segment or part; -1: another kind of name. */
  static long epochOf(String file) {
    Matcher name = OF_AN_EPOCH.matcher(file);
    return name.matches() ? Long.parseLong(name.group(1)) : -1;
  }

  static ResourceName of(String url) {
    URI uri = URI.create(url);
    String path = uri.getPath();
    int file = path.lastIndexOf('/');
    String directory = file < 0 ? "" : path.substring(0, file);
    return new ResourceName(
        uri.getAuthority() == null ? "" : uri.getAuthority(),
        directory.substring(directory.lastIndexOf('/') + 1),
        path.substring(file + 1));
  }
}
