package io.millrace.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.StreamInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node tells of its own streams, to however many ask. */
class OwnedStreamsTest {
  private final StreamStatuses statuses = new StreamStatuses();
  private long now;
  private int counts;
  private final OwnedStreams streams = new OwnedStreams(statuses, id -> ++counts, () -> now);

  private void publish(String id, String state) {
    statuses.publish(
        new StreamInfo(
            id,
            state,
            Instant.EPOCH,
            null,
            "node1",
            1,
            1,
            0,
            "source",
            null,
            null,
            List.of(),
            List.of()));
  }

  @Test
  void countsTheViewersOfAStreamOncePerSecondHoweverManyAsk() {
    publish("a", "live");
    publish("b", "live");
    assertThat(streams.get("a").orElseThrow().viewers()).isEqualTo(1);
    assertThat(streams.get("a").orElseThrow().viewers()).isEqualTo(1);
    assertThat(streams.all()).extracting(StreamInfo::viewers).containsExactly(1, 2);
    assertThat(counts).isEqualTo(2);

    now += Duration.ofSeconds(1).toNanos();
    assertThat(streams.get("a").orElseThrow().viewers()).isEqualTo(3);
  }

  @Test
  void tellsTheStateOfAStreamAsItIsNow() {
    publish("a", "live");
    assertThat(streams.get("a").orElseThrow().state()).isEqualTo("live");
    publish("a", "reconnecting");
    assertThat(streams.get("a").orElseThrow().state()).isEqualTo("reconnecting");
    statuses.remove("a");
    assertThat(streams.get("a")).isEmpty();
  }
}
