package io.millrace.protocol.amf;

/**
 * Bounds of one decoded message.
 *
 * @param maxDepth nested objects and arrays
 * @param maxNodes values in total, keys not counted
 */
public record AmfLimits(int maxDepth, int maxNodes) {
  /** What every RTMP message is held to. */
  public static final AmfLimits STANDARD = new AmfLimits(16, 2048);

  public AmfLimits {
    if (maxDepth < 1 || maxDepth > 64) {
      throw new IllegalArgumentException("maxDepth: " + maxDepth + " (expected: 1 to 64)");
    }
    if (maxNodes < 1) {
      throw new IllegalArgumentException("maxNodes: " + maxNodes + " (expected: at least 1)");
    }
  }
}
