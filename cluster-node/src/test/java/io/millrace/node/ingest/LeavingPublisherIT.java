package io.millrace.node.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A publisher whose node stops: it is asked to connect again, and what it still sends counts. */
@Timeout(30)
class LeavingPublisherIT {
  private static final String REQUEST = "reconnect";

  private final ListenerFixture fixture = new ListenerFixture(ListenerFixture.settings());

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void takesWhatComesUntilThePublisherEnds() throws Exception {
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      FakeGateway.Publish publish = fixture.awaitPublish();
      publish.control.leave("The server is stopping.");
      client.awaitStatus(REQUEST);
      int before = publish.units.size();
      client.session.sendAudio(
          0, ByteBuffer.wrap(new byte[] {(byte) 0xAF, 0, 0x11, (byte) 0x90}), client);
      client.session.sendAudio(21, ByteBuffer.wrap(new byte[] {(byte) 0xAF, 1, 1, 2}), client);
      ListenerFixture.await(
          () -> publish.units.size() == before + 2, "what came after the request");
      assertThat(publish.closed).isNotDone();

      client.session.unpublish(client);
      assertThat(publish.closed.get(5, TimeUnit.SECONDS)).isTrue();
      client.readToEnd();
      assertThat(client.statuses).doesNotContain("reset");
    }
    fixture.awaitClosed(CloseCause.NODE_STOPPING, 1);
  }

  @Test
  void closesWhoStaysAllTheSame() throws Exception {
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      FakeGateway.Publish publish = fixture.awaitPublish();
      publish.control.leave("The server is stopping.");
      client.readToEnd();
      assertThat(client.statuses).contains(REQUEST);
      assertThat(publish.closed.get(5, TimeUnit.SECONDS)).isFalse();
    }
    fixture.awaitClosed(CloseCause.NODE_STOPPING, 1);
  }
}
