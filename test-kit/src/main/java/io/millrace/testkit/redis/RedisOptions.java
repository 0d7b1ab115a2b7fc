package io.millrace.testkit.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a {@link RedisServer} is started.
 *
 * @param directory of its data and its log; created when missing
 * @param port 0 for any free one, which stays the same across restarts
 * @param settings as in redis.conf, on top of: bound to 127.0.0.1, append-only file fsynced every
 *     second, no snapshots
 */
public record RedisOptions(Path directory, int port, Map<String, String> settings) {
  private static final String SENTINEL = "sentinel";

  public RedisOptions {
    settings = Map.copyOf(settings);
  }

  public static RedisOptions in(Path directory) {
    return new RedisOptions(directory, 0, Map.of());
  }

  public RedisOptions withPort(int fixed) {
    return new RedisOptions(directory, fixed, settings);
  }

  /** One setting of redis.conf, e.g. {@code requirepass}; a space separates two arguments. */
  public RedisOptions with(String name, String value) {
    Map<String, String> more = new TreeMap<>(settings);
    more.put(name, value);
    return new RedisOptions(directory, port, more);
  }

  /**
   * A Sentinel that watches one master, calls it down after a second and decides alone.
   *
   * @param master as clients name it
   */
  public static RedisOptions sentinel(Path directory, String master, int masterPort) {
    return new RedisOptions(
        directory,
        0,
        Map.of(
            SENTINEL,
            "sentinel monitor "
                + master
                + " 127.0.0.1 "
                + masterPort
                + " 1\nsentinel down-after-milliseconds "
                + master
                + " 1000\nsentinel failover-timeout "
                + master
                + " 3000\n"));
  }

  List<String> arguments(int boundPort) throws IOException {
    return settings.containsKey(SENTINEL)
        ? sentinelArguments(boundPort)
        : serverArguments(boundPort);
  }

  /** A Sentinel rewrites its configuration file. */
  private List<String> sentinelArguments(int boundPort) throws IOException {
    Path file = directory.resolve("sentinel.conf").toAbsolutePath();
    String dir = "dir " + directory.toAbsolutePath() + "\n";
    Files.writeString(
        file, "bind 127.0.0.1\nport " + boundPort + "\n" + dir + settings.get(SENTINEL));
    return List.of(file.toString(), "--sentinel");
  }

  private List<String> serverArguments(int boundPort) {
    Map<String, String> all = new TreeMap<>();
    all.put("bind", "127.0.0.1");
    all.put("port", Integer.toString(boundPort));
    all.put("dir", directory.toAbsolutePath().toString());
    all.put("appendonly", "yes");
    all.put("appendfsync", "everysec");
    all.put("save", "");
    all.put("daemonize", "no");
    all.putAll(settings);
    List<String> arguments = new ArrayList<>();
    all.forEach(
        (name, value) -> {
          arguments.add("--" + name);
          arguments.addAll(List.of(value.split(" ")));
        });
    return arguments;
  }
}
