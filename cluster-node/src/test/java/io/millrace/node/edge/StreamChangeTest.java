package io.millrace.node.edge;

import static io.millrace.node.edge.LowLatencySamples.ended;
import static io.millrace.node.edge.LowLatencySamples.inFlight;
import static io.millrace.node.edge.LowLatencySamples.part;
import static io.millrace.node.edge.LowLatencySamples.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.Playlist;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamChangeTest {
  private static final long AT = 1_700_000_000_000L;

  private static StreamChange between(StreamSnapshot before, StreamSnapshot next) {
    return StreamChange.between(before, next, AT).orElseThrow();
  }

  private static void assertLeadsTo(StreamSnapshot before, StreamSnapshot next) {
    StreamSnapshot applied = between(before, next).appliedTo(before);
    assertThat(applied.epoch()).isEqualTo(next.epoch());
    assertThat(applied.version()).isEqualTo(next.version());
    assertThat(applied.objects()).isEqualTo(next.objects());
    assertThat(applied.nextMsn()).isEqualTo(next.nextMsn());
    assertThat(applied.hints()).isEqualTo(next.hints());
    assertThat(applied.media()).containsOnlyKeys("source");
    Playlist shown = applied.media().get("source");
    Playlist meant = next.media().get("source");
    assertThat(shown.plain()).isEqualTo(meant.plain());
    assertThat(shown.position()).isEqualTo(meant.position());
    assertThat(shown.delta().orElseThrow().plain()).isEqualTo(meant.delta().orElseThrow().plain());
    assertThat(shown.partTargetMillis()).isEqualTo(500);
  }

  @Test
  void tellsOnlyWhatAVersionAdds() {
    StreamChange change = between(inFlight(1, 1, 10, 3), inFlight(1, 2, 10, 4));
    assertThat(change.objects())
        .containsOnly(
            Map.entry("source", new StreamChange.Names(List.of(part(1, 10, 4)), List.of())));
    assertThat(change.nextMsn()).isEmpty();
    assertThat(change.hints()).containsOnly(Map.entry("source", part(1, 10, 5)));
    assertThat(change.publishedAtMs()).isEqualTo(AT);
  }

  @Test
  void leadsToTheNextVersion() {
    assertLeadsTo(inFlight(1, 1, 10, 3), inFlight(1, 2, 10, 4));
    assertLeadsTo(inFlight(1, 1, 10, 7), whole(1, 2, 10));
    assertLeadsTo(whole(1, 1, 10), inFlight(1, 2, 11, 0));
    assertLeadsTo(inFlight(1, 1, 10, 3), ended(1, 2, 10));
  }

  @Test
  void leavesOutPlaylistsThatAreTheSame() {
    StreamSnapshot before = inFlight(1, 1, 10, 3);
    StreamSnapshot next =
        new StreamSnapshot(
            "cam",
            1,
            2,
            before.multivariant(),
            before.media(),
            before.objects(),
            before.nextMsn(),
            before.hints());
    StreamChange change = between(before, next);
    assertThat(change.media()).isEmpty();
    assertThat(change.multivariant()).isNull();
    assertThat(change.appliedTo(before).media()).isEqualTo(before.media());
    assertThat(change.appliedTo(before).multivariant()).isEqualTo(before.multivariant());
  }

  @Test
  void isNoneWhereAWholeVersionIsNeeded() {
    StreamSnapshot before = inFlight(1, 1, 10, 3);
    assertThat(StreamChange.between(before, inFlight(1, 3, 10, 5), AT)).isEmpty();
    assertThat(StreamChange.between(before, inFlight(2, 2, 10, 4), AT)).isEmpty();
    StreamSnapshot without =
        new StreamSnapshot(
            "cam", 1, 2, Optional.empty(), Map.of(), Map.of("audio", Set.of()), Map.of(), Map.of());
    assertThat(StreamChange.between(before, without, AT)).isEmpty();
  }
}
