package io.millrace.media.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlvTagSourceTest {
  private static final String HEADER = "464c5601" + "05" + "00000009" + "00000000";
  private static final String VIDEO = "09" + "000003" + "000001" + "02" + "000000" + "170100";
  private static final String BACK = "0000000e";

  @Test
  void readsTagsWithExtendedTimestamps() throws IOException {
    try (TagSource source = source(HEADER + VIDEO + BACK)) {
      PublishTag tag = source.next().orElseThrow();

      assertThat(tag.type()).isEqualTo(PublishTag.Type.VIDEO);
      assertThat(tag.timestampMs()).isEqualTo(0x02000001L);
      assertThat(tag.body()).containsExactly(0x17, 0x01, 0x00);
      assertThat(source.next()).isEmpty();
    }
  }

  @Test
  void readsTagsLargerThanItsBuffer() throws IOException {
    byte[] body = new byte[1_000_000];
    body[999_999] = 7;
    byte[] start = HexFormat.of().parseHex(HEADER + "09" + "0f4240" + "000001" + "02" + "000000");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (byte[] part : List.of(start, body, new byte[4])) {
      file.write(part);
    }
    try (TagSource source = new FlvTagSource(new ByteArrayInputStream(file.toByteArray()))) {
      assertThat(source.next().orElseThrow().body()).isEqualTo(body);
      assertThat(source.next()).isEmpty();
    }
  }

  @Test
  void endsAtEveryTruncationOfALastTag() throws IOException {
    byte[] whole = HexFormat.of().parseHex(HEADER + VIDEO);
    for (int length = 13; length < whole.length; length++) {
      try (TagSource source =
          new FlvTagSource(new ByteArrayInputStream(Arrays.copyOf(whole, length)))) {
        assertThat(source.next()).as("%d bytes", length).isEmpty();
      }
    }
  }

  @Test
  void refusesOtherFormats() throws IOException {
    byte[] text = "RIFF is not it at all".getBytes(StandardCharsets.US_ASCII);
    try (TagSource source = new FlvTagSource(new ByteArrayInputStream(text))) {
      assertThatThrownBy(source::next).isInstanceOf(IOException.class).hasMessageContaining("FLV");
    }
  }

  private static TagSource source(String hex) {
    return new FlvTagSource(new ByteArrayInputStream(HexFormat.of().parseHex(hex)));
  }
}
