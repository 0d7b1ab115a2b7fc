package io.millrace.node.placement;

/** Chooses where a stream goes that is in no slot yet; thread-safe, never blocks. */
@FunctionalInterface
public interface Placement {

  Slot choose(String streamId);

  /** The slot by the name's hash, wherever that lives. */
  static Placement byName(int slotCount) {
    return streamId -> Slot.preferred(streamId, slotCount);
  }
}
