package io.millrace.node.placement;

import java.util.OptionalInt;

/**
 * A shard. Entity ids are {@code s<slot>|<stream>}, shard ids {@code s<slot>}: the number of shards
 * stays bounded however many streams there ever were.
 */
public record Slot(int number) {
  public static final int DEFAULT_COUNT = 256;
  private static final char SEPARATOR = '|';

  public Slot {
    if (number < 0) {
      throw new IllegalArgumentException("slot: " + number + " (expected: at least 0)");
    }
  }

  public String shardId() {
    return "s" + number;
  }

  public String entityId(String streamId) {
    return shardId() + SEPARATOR + streamId;
  }

  /**
   * Id of an entity that is none: a message to it gives the slot a home and nothing else. No stream
   * has an empty name.
   */
  public String probeId() {
    return entityId("");
  }

  public static boolean isProbe(String entityId) {
    return entityId.charAt(entityId.length() - 1) == SEPARATOR;
  }

  /**
   * @throws IllegalArgumentException if it is not of the form {@code s<number>}
   */
  public static Slot ofShard(String shardId) {
    return of(shardId + SEPARATOR);
  }

  /**
   * The slot that a stream gets while nothing speaks for another one: even spread by the name's
   * hash.
   */
  public static Slot preferred(String streamId, int slotCount) {
    int hash = streamId.hashCode() * 0x9e3779b9;
    return new Slot(Math.floorMod(hash ^ (hash >>> 16), slotCount));
  }

  /**
   * @throws IllegalArgumentException if the id has no slot
   */
  public static String shardIdOf(String entityId) {
    return entityId.substring(0, separator(entityId));
  }

  public static String streamIdOf(String entityId) {
    return entityId.substring(separator(entityId) + 1);
  }

  public static Slot of(String entityId) {
    return new Slot(
        parse(entityId, separator(entityId))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "entity id: " + entityId + " (expected: s<slot>|<stream>)")));
  }

  private static int separator(String entityId) {
    int at = entityId.indexOf(SEPARATOR);
    if (parse(entityId, at).isEmpty()) {
      throw new IllegalArgumentException(
          "entity id: " + entityId + " (expected: s<slot>|<stream>)");
    }
    return at;
  }

  private static OptionalInt parse(String entityId, int separator) {
    if (separator < 2 || separator > 9 || entityId.charAt(0) != 's') {
      return OptionalInt.empty();
    }
    int number = 0;
    for (int i = 1; i < separator; i++) {
      int digit = Character.digit(entityId.charAt(i), 10);
      if (digit < 0) {
        return OptionalInt.empty();
      }
      number = number * 10 + digit;
    }
    return OptionalInt.of(number);
  }
}
