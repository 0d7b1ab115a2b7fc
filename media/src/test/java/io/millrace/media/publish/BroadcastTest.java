package io.millrace.media.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BroadcastTest {
  private static final BroadcastSettings FAST =
      BroadcastSettings.REAL_TIME.withSpeed(1000).withReconnect(2, Duration.ofMillis(1));
  private static final List<PublishTag> FILE =
      List.of(
          Tags.videoConfig(),
          Tags.audioConfig(),
          Tags.key(0),
          Tags.inter(40),
          Tags.audio(50),
          Tags.inter(80),
          Tags.key(120),
          Tags.inter(160));

  private final List<Connection> connections = new ArrayList<>();
  private final List<String> written = new ArrayList<>();
  private int refusals;

  @Test
  void sendsAllInOrderAndFinishes() throws Exception {
    broadcast(FAST, -1).run();

    assertThat(connections).hasSize(1);
    assertThat(connections.get(0).sent.stream().map(BroadcastTest::describe))
        .isEqualTo(FILE.stream().map(BroadcastTest::describe).toList());
    assertThat(connections.get(0).end).isEqualTo("finished");
    assertThat(written).hasSize(FILE.size()).allMatch(entry -> entry.startsWith("1:"));
  }

  @Test
  void startsANewSessionWithHeadersAndAKeyframeAfterALoss() throws Exception {
    broadcast(FAST, 3).run();

    assertThat(connections).hasSize(2);
    assertThat(connections.get(0).end).isEqualTo("aborted");
    assertThat(connections.get(1).sent.stream().map(BroadcastTest::describe))
        .containsExactly(
            "VIDEO 0 header", "AUDIO 0 header", "AUDIO 0", "VIDEO 70 key", "VIDEO 110");
    assertThat(written).contains("2:50", "2:120").doesNotContain("2:80");
  }

  @Test
  void retriesWhileTheServerRefuses() throws Exception {
    refusals = 1;
    broadcast(FAST, 3).run();

    assertThat(connections).hasSize(2);
    assertThat(connections.get(1).end).isEqualTo("finished");
  }

  @Test
  void givesUpWhenNoAttemptIsLeft() {
    refusals = 5;

    assertThatThrownBy(() -> broadcast(FAST, 3).run()).isInstanceOf(IOException.class);
    assertThat(connections).hasSize(1);
  }

  @Test
  void stopEndsThePublishProperly() throws Exception {
    Broadcast broadcast = broadcast(FAST, -1);
    broadcast.stop();
    broadcast.run();

    assertThat(connections.get(0).end).isEqualTo("finished");
    assertThat(connections.get(0).sent).isEmpty();
  }

  @Test
  void abortClosesWithoutAWord() throws Exception {
    Broadcast broadcast = broadcast(FAST, -1);
    broadcast.abort();
    broadcast.run();

    assertThat(connections.get(0).end).isEqualTo("aborted");
  }

  @Test
  void pausedBroadcastCanStillBeStopped() throws Exception {
    Broadcast broadcast = broadcast(FAST, -1);
    broadcast.pause();
    broadcast.stop();
    broadcast.run();

    assertThat(connections.get(0).sent).isEmpty();
    assertThat(connections.get(0).end).isEqualTo("finished");
  }

  @Test
  void reconnectEndsTheOldSessionProperly() throws Exception {
    Broadcast broadcast = broadcast(FAST, -1);
    broadcast.reconnect();
    broadcast.run();

    assertThat(connections).hasSize(2);
    assertThat(connections).allMatch(connection -> connection.end.equals("finished"));
  }

  private static String describe(PublishTag tag) {
    String kind = tag.isSequenceHeader() ? " header" : tag.isKeyframe() ? " key" : "";
    return tag.type() + " " + tag.timestampMs() + kind;
  }

  private Broadcast broadcast(BroadcastSettings settings, int failFirstAfter) {
    PublishListener log =
        new PublishListener() {
          @Override
          public void written(int session, PublishTag tag, long nanoTime) {
            written.add(session + ":" + tag.timestampMs());
          }
        };
    return new Broadcast(() -> open(failFirstAfter), Tags.source(FILE), settings, log);
  }

  private PublishConnection open(int failFirstAfter) throws IOException {
    if (!connections.isEmpty() && refusals > 0) {
      refusals--;
      throw new IOException("refused");
    }
    Connection connection = new Connection(connections.isEmpty() ? failFirstAfter : -1);
    connections.add(connection);
    return connection;
  }

  private static final class Connection implements PublishConnection {
    private final List<PublishTag> sent = new ArrayList<>();
    private final int failAfter;
    private String end = "open";

    Connection(int failAfter) {
      this.failAfter = failAfter;
    }

    @Override
    public void write(PublishTag tag) throws IOException {
      if (sent.size() == failAfter) {
        throw new IOException("connection reset");
      }
      sent.add(tag);
    }

    @Override
    public void finish() {
      end = "finished";
    }

    @Override
    public void abort() {
      if (end.equals("open")) {
        end = "aborted";
      }
    }
  }
}
