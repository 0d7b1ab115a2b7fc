package io.millrace.multijvm.cluster;

import java.util.Random;

/**
 * Where a test's random moments come from. Printed, and a property repeats a run: {@code
 * -Dmillrace.seed=NUMBER}.
 */
final class Seed {
  private static final long VALUE = Long.getLong("millrace.seed", System.nanoTime() & 0xffffff);

  private Seed() {}

  /** The same numbers for the same test under the same seed. */
  static Random random(String test) {
    System.out.println("seed " + VALUE + " " + test);
    return new Random(VALUE ^ test.hashCode());
  }

  static String text() {
    return "seed " + VALUE;
  }
}
