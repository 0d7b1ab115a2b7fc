package io.millrace.node.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.placement.NodeLoad.SlotUse;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OwnerPlacementTest {
  private static final int SLOTS = 1000;

  private long nanos;

  private OwnerPlacement on(String self, NodeLoads loads, boolean apart) {
    return new OwnerPlacement(loads, self, apart, SLOTS, () -> nanos, new Random(1));
  }

  private static int node(Slot slot) {
    return slot.number() / 100;
  }

  @Test
  void choosesTheOriginWithTheFewestStreamsApartFromTheIngest() {
    NodeLoads loads =
        Loads.known(
            Loads.of("n1", 0, Loads.empty(100, 110)),
            Loads.of("n2", 3, Loads.empty(200, 210)),
            Loads.of("n3", 2, Loads.empty(300, 310)));

    assertThat(node(on("n1", loads, true).choose("cam"))).isEqualTo(3);
    assertThat(node(on("n1", loads, false).choose("cam"))).isEqualTo(1);
  }

  @Test
  void choosesTheOriginWithTheMostFreeCores() {
    NodeLoads loads =
        Loads.known(
            Loads.transcoding("n1", 4, 0, Loads.empty(100, 110)),
            Loads.transcoding("n2", 1.5, 1, Loads.empty(200, 210)),
            Loads.transcoding("n3", 2.5, 4, Loads.empty(300, 310)));

    assertThat(node(on("n1", loads, true).choose("cam"))).isEqualTo(3);
  }

  @Test
  void staysOnTheIngestWhenNoOtherOriginHasRoom() {
    NodeLoads loads =
        Loads.known(
            Loads.transcoding("n1", 2, 0, Loads.empty(100, 110)),
            Loads.transcoding("n2", 0.2, 4, Loads.empty(200, 210)));

    assertThat(node(on("n1", loads, true).choose("cam"))).isEqualTo(1);
  }

  @Test
  void avoidsDrainingAndUnreachableOrigins() {
    NodeLoads loads =
        Loads.without(
            "n3",
            Loads.of("n1", 9, Loads.empty(100, 110)),
            Loads.draining("n2", Loads.empty(200, 210)),
            Loads.of("n3", 0, Loads.empty(300, 310)));

    assertThat(node(on("n9", loads, true).choose("cam"))).isEqualTo(1);
  }

  @Test
  void countsWhatItJustPlaced() {
    NodeLoads loads =
        Loads.known(
            Loads.of("n1", 0, Loads.empty(100, 110)), Loads.of("n2", 0, Loads.empty(200, 210)));
    OwnerPlacement placement = on("n9", loads, true);
    Set<Integer> slots = new HashSet<>();
    int onFirst = 0;
    for (int i = 0; i < 20; i++) {
      Slot slot = placement.choose("cam" + i);
      slots.add(slot.number());
      onFirst += node(slot) == 1 ? 1 : 0;
    }

    assertThat(onFirst).isEqualTo(10);
    assertThat(slots).hasSize(20);
  }

  @Test
  void forgetsWhatTheGossipHasHadTimeToTell() {
    NodeLoads loads = Loads.known(Loads.of("n1", 0, new SlotUse(100, 1), new SlotUse(101, 0)));
    OwnerPlacement placement = on("n9", loads, true);
    assertThat(placement.choose("a").number()).isEqualTo(101);
    nanos += TimeUnit.SECONDS.toNanos(7);
    assertThat(placement.choose("b").number()).isEqualTo(101);
  }

  @Test
  void fallsBackToTheNameWhileNothingIsKnown() {
    assertThat(on("n1", new NodeLoads(), true).choose("cam"))
        .isEqualTo(Slot.preferred("cam", SLOTS));
  }
}
