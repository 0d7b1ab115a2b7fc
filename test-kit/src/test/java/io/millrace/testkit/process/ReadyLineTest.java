package io.millrace.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class ReadyLineTest {

  @Test
  void readsAddressesAndName() {
    assertThat(ReadyLine.parse("millrace ready rtmp=127.0.0.1:1935 http=127.0.0.1:8080 node=one\r"))
        .contains(new ReadyLine("127.0.0.1", 1935, "127.0.0.1", 8080, 0, "one"));
  }

  @Test
  void readsThePortOfTls() {
    ReadyLine ready =
        ReadyLine.parse("millrace ready rtmp=0.0.0.0:1 http=0.0.0.0:2 https=0.0.0.0:3 node=n")
            .orElseThrow();

    assertThat(ready).isEqualTo(new ReadyLine("127.0.0.1", 1, "127.0.0.1", 2, 3, "n"));
  }

  @Test
  void readsWildcardAddressesAsLoopback() {
    ReadyLine ready =
        ReadyLine.parse("millrace ready rtmp=0.0.0.0:1 http=[::]:2 node=n").orElseThrow();

    assertThat(ready.rtmpUrl("k")).isEqualTo("rtmp://127.0.0.1:1/live/k");
    assertThat(ready.http("/x")).isEqualTo(URI.create("http://127.0.0.1:2/x"));
  }

  @Test
  void ignoresOtherLines() {
    assertThat(ReadyLine.parse("12:00 INFO millrace is not ready yet")).isEmpty();
  }
}
