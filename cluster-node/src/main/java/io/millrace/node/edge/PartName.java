package io.millrace.node.edge;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a part says: {@code EPOCH-MSN.INDEX.m4s}.
 *
 * @param index in its segment, from 0 on
 */
record PartName(long epoch, long msn, int index) {
  private static final Pattern PATTERN =
      Pattern.compile("(\\d{1,18})-(\\d{1,18})\\.(\\d{1,6})\\.m4s");

  static Optional<PartName> of(String name) {
    Matcher part = PATTERN.matcher(name);
    return part.matches()
        ? Optional.of(
            new PartName(
                Long.parseLong(part.group(1)),
                Long.parseLong(part.group(2)),
                Integer.parseInt(part.group(3))))
        : Optional.empty();
  }

  /** Without making anything: for each name of a request. */
  static boolean isPart(String name) {
    int dot = name.indexOf('.');
    return dot > 0 && name.indexOf('.', dot + 1) > 0;
  }
}
