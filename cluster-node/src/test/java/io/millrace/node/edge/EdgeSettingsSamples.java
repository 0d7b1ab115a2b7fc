package io.millrace.node.edge;

import java.time.Duration;

/** Settings of an edge that is not short of anything but what a test says. */
public final class EdgeSettingsSamples {
  private EdgeSettingsSamples() {}

  public static EdgeSettings of(Duration parkTimeout, long maxObjectBytes) {
    return of(parkTimeout, maxObjectBytes, 20_000);
  }

  static EdgeSettings of(Duration parkTimeout, long maxObjectBytes, int maxParked) {
    return new EdgeSettings(parkTimeout, maxObjectBytes, maxParked, 10_000, Duration.ofMinutes(1));
  }
}
