package io.millrace.node.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * One durable-state record as it is in its file. Layout, big endian: magic "MRS1" | revision int64
 * | writer token 2×int64 | deleted uint8 | serializer id int32 | manifest UTF | tag UTF | length
 * int32 | payload | CRC-32 of all before.
 *
 * @param revision rises by one with every write, deletes included
 * @param token of the writer of this revision
 * @param deleted a tombstone: keeps the revision, holds no payload
 */
record StateRecord(
    long revision,
    UUID token,
    boolean deleted,
    int serializerId,
    String manifest,
    String tag,
    byte[] payload) {
  private static final int MAGIC = 0x4d525331;

  static StateRecord tombstone(long revision, UUID token) {
    return new StateRecord(revision, token, true, 0, "", "", new byte[0]);
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 128);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeLong(revision);
      out.writeLong(token.getMostSignificantBits());
      out.writeLong(token.getLeastSignificantBits());
      out.writeBoolean(deleted);
      out.writeInt(serializerId);
      out.writeUTF(manifest);
      out.writeUTF(tag);
      out.writeInt(payload.length);
      out.write(payload);
      out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Empty when the bytes are damaged. */
  static Optional<StateRecord> decode(byte[] bytes) {
    if (bytes.length < 8) {
      return Optional.empty();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != MAGIC) {
        return Optional.empty();
      }
      long revision = in.readLong();
      UUID token = new UUID(in.readLong(), in.readLong());
      boolean deleted = in.readBoolean();
      int serializerId = in.readInt();
      String manifest = in.readUTF();
      String tag = in.readUTF();
      int length = in.readInt();
      if (length < 0 || length != in.available() - 4) {
        return Optional.empty();
      }
      byte[] payload = in.readNBytes(length);
      boolean intact = in.readInt() == checksum(bytes, bytes.length - 4);
      return intact
          ? Optional.of(
              new StateRecord(revision, token, deleted, serializerId, manifest, tag, payload))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
