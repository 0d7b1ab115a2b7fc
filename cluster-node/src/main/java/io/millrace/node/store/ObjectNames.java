package io.millrace.node.store;

import java.util.regex.Pattern;

/** Which names of streams, renditions and objects may become part of a path or a key. */
public final class ObjectNames {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

  private ObjectNames() {}

  public static boolean isSafe(String name) {
    return SAFE.matcher(name).matches();
  }

  /**
   * The name itself.
   *
   * @throws IllegalArgumentException if it is not safe
   */
  public static String safe(String name) {
    if (!isSafe(name)) {
      throw new IllegalArgumentException("object name: not allowed (expected: " + SAFE + ")");
    }
    return name;
  }
}
