package io.millrace.node.settings;

import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.cluster.ClusterSettings.Role;
import io.millrace.node.cluster.RedisSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Reads the sections {@code cluster}, {@code placement} and {@code redis} of a cluster's node. */
final class ClusterSettingsReader {
  private static final int MIN_SECRET = 16;
  private static final String ADDRESS = "[A-Za-z0-9_.-]+|\\[?[0-9a-fA-F:.]+]?";
  private static final String SEED = "(" + ADDRESS + "):[0-9]{1,5}";
  private static final String REDIS = "(rediss?|redis-sentinel|redis-socket)://\\S+";

  private final SettingsReader root;
  private final SettingsReader cluster;
  private final String publicBind;

  ClusterSettingsReader(SettingsReader root, String publicBind) {
    this.root = root;
    this.cluster = root.at("cluster");
    this.publicBind = publicBind;
  }

  ClusterSettings read() {
    String host = host();
    int artery = cluster.integer("artery-port", 0, 65_535);
    int data = cluster.integer("data-port", 0, 65_535);
    int http = cluster.integer("internal-http-port", 0, 65_535);
    List<String> seeds =
        cluster.strings("seed-nodes", s -> s.matches(SEED), "host:port, e.g. 10.0.0.1:25520");
    if (seeds.isEmpty()) {
      cluster.problem("seed-nodes", "must name at least one node, e.g. [\"10.0.0.1:25520\"]");
    }
    Set<Role> roles = roles();
    String secret =
        cluster.secret(
            "secret", s -> s.length() >= MIN_SECRET, "at least " + MIN_SECRET + " characters");
    int slots = cluster.integer("slots", 1, 4096);
    boolean quickDown = cluster.bool("quick-down");
    Duration drain = cluster.duration("drain-timeout", Duration.ofSeconds(1), Duration.ofHours(1));
    boolean apart = root.at("placement").bool("owner-apart-from-ingest");
    RedisSettings redis = redis(root.at("redis"));
    return cluster.build(
        "",
        () ->
            new ClusterSettings(
                host, artery, data, http, seeds, roles, secret, slots, quickDown, drain, apart,
                redis),
        null);
  }

  private String host() {
    String own = cluster.string("bind");
    String host = own.isBlank() ? publicBind : own;
    if (isWildcard(host)) {
      cluster.problem(
          "bind", "must be an address at which other nodes reach this one, not a wildcard");
    }
    return host;
  }

  private static boolean isWildcard(String host) {
    return host.isBlank() || host.equals("0.0.0.0") || host.equals("::");
  }

  private Set<Role> roles() {
    List<String> known = List.of("ingest", "origin", "edge");
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String role : cluster.strings("roles", known::contains, "of ingest, origin, edge")) {
      roles.add(Role.valueOf(role.toUpperCase(Locale.ROOT)));
    }
    return roles;
  }

  private static RedisSettings redis(SettingsReader r) {
    Predicate<String> allUris =
        s -> List.of(s.split(",", -1)).stream().allMatch(ClusterSettingsReader::isUri);
    String uri =
        r.secret(
            "uri",
            s -> allUris.test(s),
            "the address of a Redis, e.g. redis://10.0.0.5:6379: the nodes of a cluster share their"
                + " store, files serve one node only");
    String prefix =
        r.string(
            "key-prefix", s -> s.matches("[A-Za-z0-9_.-]{1,64}"), "letters, digits, '.', '-', '_'");
    Duration timeout = r.duration("command-timeout", Duration.ofMillis(50), Duration.ofMinutes(1));
    return r.build("", () -> new RedisSettings(uri, prefix, timeout), null);
  }

  /** Further hosts of a Sentinel address have no scheme of their own. */
  private static boolean isUri(String s) {
    return s.matches(REDIS) || s.matches(SEED + "\\S*");
  }
}
