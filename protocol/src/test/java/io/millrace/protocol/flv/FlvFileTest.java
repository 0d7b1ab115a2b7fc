package io.millrace.protocol.flv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FlvFileTest {
  private static final List<FlvTag> TAGS =
      List.of(
          new FlvTag(FlvTag.SCRIPT, 0, new byte[] {2, 0, 0}),
          new FlvTag(FlvTag.VIDEO, 0x00FFFFFF, new byte[] {0x17, 1, 0, 0, 0, 9}),
          new FlvTag(FlvTag.AUDIO, 0x01000000, new byte[] {(byte) 0xAF, 1}),
          new FlvTag(FlvTag.AUDIO, 0xFFFFFFFFL, new byte[0]),
          new FlvTag(FlvTag.VIDEO, 5, new byte[3_000]));

  @Test
  void writesTheBytesOfTheSpecification() {
    assertThat(HexFormat.of().formatHex(FlvWriter.header(true, true).array()))
        .isEqualTo("464c5601050000000900000000");
    assertThat(HexFormat.of().formatHex(FlvWriter.tag(TAGS.get(2)).array()))
        .isEqualTo("08000002" + "000000" + "01" + "000000" + "af01" + "0000000d");
  }

  @Test
  void readsBackWhatWasWritten() throws Exception {
    check(FlvReader.readAll(file()));
  }

  @Test
  void readsAStreamThatComesInPiecesOfAnySize() throws Exception {
    byte[] file = file();
    for (int piece : new int[] {1, 2, 7, 13, 100, 4_000}) {
      FlvReader reader = new FlvReader();
      ByteBuffer buffer = ByteBuffer.allocate(10_000).flip();
      List<FlvTag> tags = new ArrayList<>();
      for (int at = 0; at < file.length; at += piece) {
        buffer.compact().put(file, at, Math.min(piece, file.length - at)).flip();
        for (Optional<FlvTag> t = reader.next(buffer); t.isPresent(); t = reader.next(buffer)) {
          tags.add(t.get());
        }
      }
      check(tags);
    }
  }

  @Test
  void asksForMoreAtEveryCut() throws Exception {
    byte[] first = FlvWriter.tag(TAGS.get(1)).array();
    byte[] file =
        ByteBuffer.allocate(13 + first.length).put(FlvWriter.header(true, true)).put(first).array();
    for (int size = 0; size < file.length; size++) {
      assertThat(new FlvReader().next(ByteBuffer.wrap(file, 0, size))).as("%d", size).isEmpty();
    }
    assertThat(new FlvReader().next(ByteBuffer.wrap(file))).isPresent();
  }

  @Test
  void rejectsWhatIsNoFlv() {
    assertThatThrownBy(
            () -> FlvReader.readAll("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(FlvException.class)
        .hasMessage("signature: other bytes (expected: FLV)");
    assertThatThrownBy(
            () -> FlvReader.readAll(HexFormat.of().parseHex("464c5601057fffffff00000000")))
        .isInstanceOf(FlvException.class)
        .hasMessageStartingWith("dataOffset");
    assertThatThrownBy(
            () ->
                FlvReader.readAll(
                    HexFormat.of().parseHex("464c56010500000009000000000700000100000000000000")))
        .isInstanceOf(FlvException.class)
        .hasMessageStartingWith("tagType: 7");
  }

  private static byte[] file() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(FlvWriter.header(true, true).array());
    TAGS.forEach(tag -> out.writeBytes(FlvWriter.tag(tag).array()));
    return out.toByteArray();
  }

  private static void check(List<FlvTag> tags) {
    assertThat(tags).usingRecursiveComparison().isEqualTo(TAGS);
  }
}
