package io.millrace.node.placement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeLoadsTest {
  @Test
  void knowsWhetherAnotherNodeWillTakeStreams() {
    assertThat(Loads.known(Loads.of("n1", 1)).othersDrain("n1")).isTrue();
    assertThat(Loads.known(Loads.of("n1", 1), Loads.of("n2", 1)).othersDrain("n1")).isFalse();
    assertThat(Loads.known(Loads.of("n1", 1), Loads.draining("n2")).othersDrain("n1")).isTrue();
  }

  @Test
  void aNodeOutOfReachMayComeBackToTakeStreams() {
    NodeLoads loads = Loads.without("n2", Loads.of("n1", 1), Loads.of("n2", 1));
    assertThat(loads.hasOtherOrigin("n1")).isFalse();
    assertThat(loads.othersDrain("n1")).isFalse();
  }
}
