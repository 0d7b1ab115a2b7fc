package io.millrace.persistence.redis;

/**
 * Under what a write is made: the highest epoch that has written to a group wins, lower ones are
 * refused.
 *
 * @param group keys that are guarded together and live in one slot of a Redis Cluster; without
 *     braces
 */
public record Fence(String group, long epoch) {
  public Fence {
    if (group.isEmpty() || group.contains("{") || group.contains("}")) {
      throw new IllegalArgumentException("group: " + group + " (expected: no braces, not empty)");
    }
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch: " + epoch + " (expected: 0 or more)");
    }
  }
}
