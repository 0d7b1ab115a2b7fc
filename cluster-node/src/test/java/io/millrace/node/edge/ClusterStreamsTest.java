package io.millrace.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.StreamInfo;
import io.millrace.http.StreamList;
import io.millrace.node.cluster.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The API of one node shows the streams of all. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ClusterStreamsTest {
  private static final Endpoint NODE_2 = new Endpoint("10.0.0.2", 1937);
  private static final Endpoint NODE_3 = new Endpoint("10.0.0.3", 1937);

  private final StreamStatuses statuses = new StreamStatuses();
  private final Map<Endpoint, CompletableFuture<List<StreamInfo>>> answers = new HashMap<>();
  private final Map<Endpoint, byte[]> pictures = new HashMap<>();
  private long now;
  private int questions;
  private final ClusterStreams streams =
      new ClusterStreams(
          new OwnedStreams(statuses, streamId -> 5),
          streamId -> CompletableFuture.completedFuture(true),
          new FakeReader(),
          () -> Map.of("node2", NODE_2, "node3", NODE_3),
          () -> now);

  private final class FakeReader implements NodeReader {
    @Override
    public CompletionStage<List<StreamInfo>> streams(Endpoint node) {
      questions++;
      return answers.getOrDefault(node, CompletableFuture.completedFuture(List.of()));
    }

    @Override
    public CompletionStage<Optional<byte[]>> thumbnail(Endpoint node, String streamId) {
      return CompletableFuture.completedFuture(Optional.ofNullable(pictures.get(node)));
    }
  }

  private static StreamInfo info(String id, String owner, long epoch) {
    return new StreamInfo(
        id,
        "live",
        Instant.EPOCH,
        null,
        owner,
        epoch,
        1,
        0,
        "source",
        null,
        null,
        List.of(),
        List.of());
  }

  private StreamList list() {
    return streams.list().toCompletableFuture().join();
  }

  private void says(Endpoint node, StreamInfo... infos) {
    answers.put(node, CompletableFuture.completedFuture(List.of(infos)));
  }

  @Test
  void showsTheStreamsOfAllNodesById() {
    statuses.publish(info("b", "node1", 1));
    says(NODE_2, info("c", "node2", 1));
    says(NODE_3, info("a", "node3", 1));
    assertThat(list().streams()).extracting(StreamInfo::id).containsExactly("a", "b", "c");
    assertThat(list().streams().get(1).viewers()).isEqualTo(5);
    assertThat(list().missingNodes()).isNull();
    assertThat(streams.get("c").toCompletableFuture().join()).isPresent();
    assertThat(streams.get("d").toCompletableFuture().join()).isEmpty();
  }

  @Test
  void believesTheLaterOwnerOfAStream() {
    statuses.publish(info("cam", "node1", 3));
    says(NODE_2, info("cam", "node2", 4));
    assertThat(list().streams()).extracting(StreamInfo::owner).containsExactly("node2");
  }

  @Test
  void namesNodesThatDoNotAnswer() {
    statuses.publish(info("cam", "node1", 3));
    answers.put(NODE_2, CompletableFuture.failedFuture(new IOException("refused")));
    answers.put(NODE_3, new CompletableFuture<>());
    assertThat(list().missingNodes()).containsExactly("node2", "node3");
    assertThat(list().streams()).hasSize(1);
  }

  @Test
  void asksOncePerSecondHoweverManyAsk() {
    list();
    list();
    assertThat(questions).isEqualTo(2);
    now += Duration.ofSeconds(1).toNanos();
    list();
    assertThat(questions).isEqualTo(4);
  }

  @Test
  void takesAThumbnailFromTheOwner() {
    says(NODE_2, info("cam", "node2", 4));
    pictures.put(NODE_2, new byte[] {9});
    assertThat(streams.thumbnail("cam").toCompletableFuture().join()).contains(new byte[] {9});
    assertThat(streams.thumbnail("none").toCompletableFuture().join()).isEmpty();
  }
}
