package io.millrace.protocol.amf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes AMF0 values. Java types: number → {@link Double}, boolean → {@link Boolean}, string and
 * long string → {@link String}, object, typed object and ECMA array → {@code Map<String, Object>}
 * in wire order, strict array → {@code List<Object>}, date → {@link AmfDate}, null → null,
 * undefined → {@link AmfUndefined}. Everything else is refused. Lengths are checked against the
 * bytes that are there before anything is allocated. Source: AMF0 (Adobe, 2007) §2.
 */
public final class Amf0Reader {
  private final ByteBuffer in;
  private final AmfLimits limits;
  private int nodes;

  private Amf0Reader(ByteBuffer in, AmfLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  /**
   * Decodes values until the buffer is empty.
   *
   * @param in big-endian; consumed whole
   * @throws AmfException for anything malformed, refused or beyond the limits
   */
  public static List<Object> readAll(ByteBuffer in, AmfLimits limits) throws AmfException {
    Amf0Reader reader = new Amf0Reader(in, limits);
    List<Object> values = new ArrayList<>();
    while (in.hasRemaining()) {
      values.add(reader.value(0));
    }
    return Collections.unmodifiableList(values);
  }

  private Object value(int depth) throws AmfException {
    if (++nodes > limits.maxNodes()) {
      throw AmfException.malformed(
          "AMF0 values: " + nodes + " (expected: at most " + limits.maxNodes() + ")");
    }
    int marker = u8("marker");
    return switch (marker) {
      case Amf0Marker.NUMBER -> number();
      case Amf0Marker.BOOLEAN -> u8("boolean") != 0;
      case Amf0Marker.STRING -> string(u16("string length"));
      case Amf0Marker.LONG_STRING -> string(longLength());
      case Amf0Marker.NULL -> null;
      case Amf0Marker.UNDEFINED -> AmfUndefined.UNDEFINED;
      case Amf0Marker.OBJECT -> pairs(enter(depth), Long.MAX_VALUE);
      case Amf0Marker.TYPED_OBJECT -> {
        string(u16("class name length"));
        yield pairs(enter(depth), Long.MAX_VALUE);
      }
      case Amf0Marker.ECMA_ARRAY -> pairs(enter(depth), u32("array count"));
      case Amf0Marker.STRICT_ARRAY -> array(enter(depth));
      case Amf0Marker.DATE -> {
        need(10, "date");
        yield new AmfDate(in.getDouble(), in.getShort());
      }
      default -> throw refused(marker);
    };
  }

  private Double number() throws AmfException {
    need(8, "number");
    return in.getDouble();
  }

  /** The count of an ECMA array is only a hint: it matters where the end marker is missing. */
  private Map<String, Object> pairs(int depth, long count) throws AmfException {
    Map<String, Object> map = new LinkedHashMap<>();
    for (long read = 0; ; read++) {
      if (!in.hasRemaining() && read >= count) {
        return Collections.unmodifiableMap(map);
      }
      String key = string(u16("key length"));
      need(1, "value");
      if (key.isEmpty() && in.get(in.position()) == Amf0Marker.OBJECT_END) {
        in.get();
        return Collections.unmodifiableMap(map);
      }
      map.put(key, value(depth));
    }
  }

  private List<Object> array(int depth) throws AmfException {
    long count = u32("array count");
    if (count > in.remaining()) {
      throw AmfException.malformed(
          "array count: " + count + " (expected: at most the " + in.remaining() + " bytes left)");
    }
    List<Object> list = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      list.add(value(depth));
    }
    return Collections.unmodifiableList(list);
  }

  private int enter(int depth) throws AmfException {
    if (depth >= limits.maxDepth()) {
      throw AmfException.malformed(
          "AMF0 depth: more than " + limits.maxDepth() + " (expected: at most that)");
    }
    return depth + 1;
  }

  private static AmfException refused(int marker) {
    return switch (marker) {
      case Amf0Marker.REFERENCE -> AmfException.unsupported("AMF0 reference (expected: none)");
      case Amf0Marker.XML -> AmfException.unsupported("AMF0 XML document (expected: none)");
      case Amf0Marker.AMF3 -> AmfException.unsupported("AMF3 value (expected: AMF0)");
      default ->
          AmfException.unsupported(
              "AMF0 marker: 0x" + Integer.toHexString(marker) + " (expected: a known one)");
    };
  }

  private int longLength() throws AmfException {
    long length = u32("string length");
    need(length, "string");
    return (int) length;
  }

  private String string(int length) throws AmfException {
    need(length, "string");
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private int u8(String what) throws AmfException {
    need(1, what);
    return in.get() & 0xFF;
  }

  private int u16(String what) throws AmfException {
    need(2, what);
    return in.getShort() & 0xFFFF;
  }

  private long u32(String what) throws AmfException {
    need(4, what);
    return in.getInt() & 0xFFFFFFFFL;
  }

  private void need(long bytes, String what) throws AmfException {
    if (in.remaining() < bytes) {
      throw AmfException.malformed(
          what + ": " + bytes + " bytes (expected: at most the " + in.remaining() + " left)");
    }
  }
}
