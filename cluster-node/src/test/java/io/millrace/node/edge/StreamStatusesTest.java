package io.millrace.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.StreamInfo;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node shows of the streams that it owns, and of no others. */
class StreamStatusesTest {
  private static final byte[] PICTURE = {1};

  private final StreamStatuses statuses = new StreamStatuses();

  private void publish() {
    statuses.publish(
        new StreamInfo(
            "cam",
            "live",
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
  void forgetsAStreamWithItsPicture() {
    publish();
    statuses.publishThumbnail("cam", PICTURE);
    assertThat(statuses.thumbnail("cam")).contains(PICTURE);
    assertThat(statuses.isPictureWanted("cam")).isTrue();
    statuses.remove("cam");
    assertThat(statuses.get("cam")).isEmpty();
    assertThat(statuses.thumbnail("cam")).isEmpty();
    assertThat(statuses.isPictureWanted("cam")).isFalse();
  }

  @Test
  void takesNoPictureOfAStreamThatHasLeft() {
    publish();
    statuses.remove("cam");
    statuses.publishThumbnail("cam", PICTURE);
    assertThat(statuses.thumbnail("cam")).isEmpty();
  }
}
