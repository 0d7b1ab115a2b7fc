package io.millrace.testkit.fmp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The boxes of a byte range. */
final class Boxes {
  /**
   * @param offset of the box's header in the file
   * @param body contents after the header
   */
  record Box(String type, int offset, ByteBuffer body) {
    ByteBuffer fresh() {
      return body.duplicate();
    }
  }

  private final List<Box> list;

  private Boxes(List<Box> list) {
    this.list = list;
  }

  static Boxes in(ByteBuffer range) {
    List<Box> boxes = new ArrayList<>();
    ByteBuffer in = range.duplicate();
    while (in.hasRemaining()) {
      int offset = in.position();
      if (in.remaining() < 8) {
        throw new IllegalArgumentException("box header: cut short at " + offset);
      }
      int size = in.getInt();
      byte[] type = new byte[4];
      in.get(type);
      if (size < 8 || size - 8 > in.remaining()) {
        throw new IllegalArgumentException("box size: " + size + " at " + offset);
      }
      ByteBuffer body = in.duplicate();
      body.limit(offset + size);
      boxes.add(new Box(new String(type, StandardCharsets.US_ASCII), offset, body));
      in.position(offset + size);
    }
    return new Boxes(boxes);
  }

  List<Box> list() {
    return list;
  }

  Optional<Box> find(String type) {
    return list.stream().filter(box -> box.type().equals(type)).findFirst();
  }

  Box get(String type) {
    return find(type).orElseThrow(() -> new IllegalArgumentException("box " + type + ": missing"));
  }

  /** The box at a path below this range. */
  Box get(String first, String... rest) {
    Box box = get(first);
    for (String type : rest) {
      box = in(box.body()).get(type);
    }
    return box;
  }
}
