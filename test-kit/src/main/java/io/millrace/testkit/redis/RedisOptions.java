package io.millrace.testkit.redis;

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

  public RedisOptions {
    settings = Map.copyOf(settings);
  }

  public static RedisOptions in(Path directory) {
    return new RedisOptions(directory, 0, Map.of());
  }

  public RedisOptions withPort(int fixed) {
    return new RedisOptions(directory, fixed, settings);
  }

  /** One setting of redis.conf, e.g. {@code requirepass}. */
  public RedisOptions with(String name, String value) {
    Map<String, String> more = new TreeMap<>(settings);
    more.put(name, value);
    return new RedisOptions(directory, port, more);
  }

  List<String> arguments(int boundPort) {
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
          arguments.add(value);
        });
    return arguments;
  }
}
