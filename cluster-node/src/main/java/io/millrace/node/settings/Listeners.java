package io.millrace.node.settings;

import java.util.ArrayList;
import java.util.List;

/** Finds two listeners on one address and port, and names both settings. */
final class Listeners {
  private record Listener(String path, String host, int port) {}

  private final SettingsReader root;
  private final List<Listener> seen = new ArrayList<>();

  /**
   * @param root of the tree {@code millrace}, which takes the problems
   */
  Listeners(SettingsReader root) {
    this.root = root;
  }

  /**
   * @param path of the port's setting
   * @param port 0 for any free one, which never collides
   */
  Listeners with(String path, String host, int port) {
    Listener listener = new Listener(path, host, port);
    seen.stream()
        .filter(other -> collide(other, listener))
        .findFirst()
        .ifPresent(
            other ->
                root.problem(
                    path, "must differ from millrace." + other.path() + " on the same address"));
    seen.add(listener);
    return this;
  }

  private static boolean collide(Listener a, Listener b) {
    return a.port() != 0 && a.port() == b.port() && overlap(a.host(), b.host());
  }

  private static boolean overlap(String a, String b) {
    return a.equals(b) || isAny(a) || isAny(b);
  }

  private static boolean isAny(String address) {
    return address.equals("0.0.0.0") || address.equals("::");
  }
}
