package io.millrace.node.edge;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.http.Playlist;
import io.millrace.http.ReloadAnswer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How blocking reloads of this node ended. Thread-safe. */
final class ReloadCounters {
  private final LongAdder atOnce = new LongAdder();
  private final Map<ReloadAnswer.Outcome, LongAdder> byOutcome =
      new EnumMap<>(ReloadAnswer.Outcome.class);

  ReloadCounters() {
    for (ReloadAnswer.Outcome outcome : ReloadAnswer.Outcome.values()) {
      byOutcome.put(outcome, new LongAdder());
    }
  }

  void bindTo(MeterRegistry registry) {
    register(registry, "at-once", atOnce);
    byOutcome.forEach(
        (outcome, count) ->
            register(registry, outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
  }

  private static void register(MeterRegistry registry, String outcome, LongAdder count) {
    FunctionCounter.builder("millrace.hls.reloads", count, LongAdder::sum)
        .description(
            "Blocking reloads by how they ended; at-once: had nothing to wait for, unchanged: the"
                + " deadline passed")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** An answer that nobody waited for. */
  ReloadAnswer now(ReloadAnswer.Outcome outcome, Playlist playlist) {
    (outcome == ReloadAnswer.Outcome.REACHED ? atOnce : byOutcome.get(outcome)).increment();
    return ReloadAnswer.now(outcome, playlist);
  }

  void waited(ReloadAnswer.Outcome outcome, int requests) {
    byOutcome.get(outcome).add(requests);
  }
}
