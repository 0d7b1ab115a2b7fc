package io.millrace.protocol.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RelayFramesTest {
  private static final byte[] KEY = new byte[RelayLimits.KEY_BYTES];

  private static final RelayMessage.Hello HELLO =
      new RelayMessage.Hello(KEY, "node-1", "cam", 2, 5);

  private static final List<RelayMessage> ALL =
      List.of(
          HELLO,
          new RelayMessage.Challenge(KEY, "node-2", KEY),
          new RelayMessage.Proof(KEY),
          new RelayMessage.Welcome(),
          new RelayMessage.Refused("no"),
          new RelayMessage.Unit(2, 5, 17, 3, RelayMessage.Unit.IDR, 1, -40, -33, new byte[300]),
          new RelayMessage.Unit(2, 5, 18, 0, RelayMessage.Unit.CONFIG, 1, 1L << 40, 0, new byte[0]),
          new RelayMessage.Dropped(2, 5, 19, 30),
          new RelayMessage.DeclaredBitrate(2, 5, 4_700_000),
          new RelayMessage.End(2, 5, true),
          new RelayMessage.Heartbeat(2, 5),
          new RelayMessage.Acknowledged(2, 5, 16),
          new RelayMessage.Ended(2, 5, 1, "kicked"),
          new RelayMessage.Moved(2, 5));

  private static byte[] bytes(RelayMessage message) {
    if (!(message instanceof RelayMessage.Unit unit)) {
      return bytes(RelayWriter.frame(message));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(RelayWriter.head(unit)));
    out.writeBytes(unit.payload());
    return out.toByteArray();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static byte[] allBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ALL.forEach(message -> out.writeBytes(bytes(message)));
    return out.toByteArray();
  }

  private static RelayReader reader() {
    RelayReader reader = new RelayReader();
    reader.authenticated();
    return reader;
  }

  @Test
  void readsWhatItWritesInPiecesOfAnySize() throws RelayException {
    byte[] all = allBytes();
    for (int piece = 1; piece <= all.length; piece = piece < 64 ? piece + 1 : piece * 2) {
      List<RelayMessage> seen = new ArrayList<>();
      RelayReader reader = reader();
      for (int from = 0; from < all.length; from += piece) {
        reader.read(ByteBuffer.wrap(all, from, Math.min(piece, all.length - from)), seen::add);
      }
      assertThat(seen).as("pieces of %d", piece).usingRecursiveComparison().isEqualTo(ALL);
    }
  }

  @Test
  void rejectsAnyFrameThatIsCutShortOrTooLong() {
    for (RelayMessage message : ALL) {
      byte[] frame = bytes(message);
      if (frame.length > 5 && !(message instanceof RelayMessage.Unit)) {
        assertThatThrownBy(() -> reader().read(relengthed(frame, -1), seen -> {}))
            .as("%s one byte short", message)
            .isInstanceOf(RelayException.class);
      }
      if (!(message instanceof RelayMessage.Unit)) {
        assertThatThrownBy(() -> reader().read(relengthed(frame, 1), seen -> {}))
            .as("%s one byte long", message)
            .isInstanceOf(RelayException.class);
      }
    }
  }

  private static ByteBuffer relengthed(byte[] frame, int change) {
    byte[] other = Arrays.copyOf(frame, frame.length + change);
    ByteBuffer buffer = ByteBuffer.wrap(other);
    buffer.putInt(0, buffer.getInt(0) + change);
    return buffer;
  }

  @Test
  void rejectsLengthsBeforeItAllocates() {
    for (int length : new int[] {0, -1, Integer.MAX_VALUE, (8 << 20) + 60, 0x47455420}) {
      for (int type : new int[] {0, 1, 16, 19, 255}) {
        ByteBuffer frame = ByteBuffer.allocate(5).putInt(length).put((byte) type).flip();
        assertThatThrownBy(() -> reader().read(frame, seen -> {}))
            .as("length %d, type %d", length, type)
            .isInstanceOf(RelayException.class)
            .hasMessageContaining("expected");
      }
    }
  }

  @Test
  void takesNoUnitFromAStranger() {
    byte[] frame =
        bytes(new RelayMessage.Unit(2, 5, 0, 0, 0, 1, 0, 0, new byte[RelayLimits.MAX_CONTROL]));
    assertThatThrownBy(() -> new RelayReader().read(ByteBuffer.wrap(frame), seen -> {}))
        .isInstanceOf(RelayException.class);
  }

  @Test
  void survivesAnyBytes() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] noise = allBytes();
      for (int i = 0; i < 3; i++) {
        noise[random.nextInt(noise.length)] = (byte) random.nextInt();
      }
      try {
        reader().read(ByteBuffer.wrap(noise), seen -> {});
      } catch (RelayException e) {
        assertThat(e.getMessage()).contains("expected");
      }
    }
  }

  @Test
  void provesEachEndOfOneLeaseAndNothingElse() {
    RelayProofs proofs = new RelayProofs(new byte[] {1, 2, 3});
    byte[] nonce = {9};
    byte[] owner = proofs.owner(HELLO, nonce, "node-2");
    assertThat(RelayProofs.equal(owner, proofs.owner(HELLO, nonce, "node-2"))).isTrue();
    assertThat(proofs.ingest(HELLO, nonce, "node-2")).isNotEqualTo(owner);
    assertThat(proofs.owner(HELLO, nonce, "node-3")).isNotEqualTo(owner);
    assertThat(proofs.owner(HELLO, new byte[] {8}, "node-2")).isNotEqualTo(owner);
    assertThat(new RelayProofs(new byte[] {1}).owner(HELLO, nonce, "node-2")).isNotEqualTo(owner);
    List<RelayMessage.Hello> others =
        List.of(
            new RelayMessage.Hello(new byte[] {1}, "node-1", "cam", 2, 5),
            new RelayMessage.Hello(KEY, "node-9", "cam", 2, 5),
            new RelayMessage.Hello(KEY, "node-1", "other", 2, 5),
            new RelayMessage.Hello(KEY, "node-1", "cam", 3, 5),
            new RelayMessage.Hello(KEY, "node-1", "cam", 2, 6));
    for (RelayMessage.Hello other : others) {
      assertThat(proofs.owner(other, nonce, "node-2")).as("%s", other).isNotEqualTo(owner);
    }
  }
}
