package io.millrace.bench;

import io.millrace.testkit.redis.RedisProbe;

/**
 * Commands that a redis-server has run so far.
 *
 * @param commands those inside scripts included
 * @param scripts runs of scripts
 */
record RedisLoad(long commands, long scripts) {

  static RedisLoad of(RedisProbe redis) {
    String stats = (String) redis.command("INFO", "stats");
    String byCommand = (String) redis.command("INFO", "commandstats");
    return new RedisLoad(
        number(stats, "total_commands_processed:"),
        number(byCommand, "cmdstat_evalsha:calls=") + number(byCommand, "cmdstat_eval:calls="));
  }

  RedisLoad since(RedisLoad before) {
    return new RedisLoad(commands - before.commands, scripts - before.scripts);
  }

  /** Digits after the prefix of a line; 0 when there is no such line. */
  private static long number(String lines, String prefix) {
    return lines
        .lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).replaceAll("[^0-9].*", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }
}
