package io.millrace.protocol.amf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Encodes AMF0 values from the Java types of {@link Amf0Reader}; any {@link Number} becomes a
 * number, any {@link Map} an object unless {@link #ecmaArray} is used. Source: AMF0 (Adobe, 2007)
 * §2.
 */
public final class Amf0Writer {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  /** Encodes the values one after the other. */
  public static byte[] bytes(Object... values) {
    Amf0Writer writer = new Amf0Writer();
    for (Object value : values) {
      writer.value(value);
    }
    return writer.toBytes();
  }

  /**
   * Appends one value.
   *
   * @throws IllegalArgumentException for a Java type that has no AMF0 form here
   */
  public Amf0Writer value(Object value) {
    if (value == null) {
      out.write(Amf0Marker.NULL);
    } else if (value instanceof String s) {
      string(s);
    } else if (value instanceof Number n) {
      out.write(Amf0Marker.NUMBER);
      u64(Double.doubleToRawLongBits(n.doubleValue()));
    } else if (value instanceof Boolean b) {
      out.write(Amf0Marker.BOOLEAN);
      out.write(b ? 1 : 0);
    } else if (value instanceof Map<?, ?> map) {
      out.write(Amf0Marker.OBJECT);
      pairs(map);
    } else if (value instanceof List<?> list) {
      out.write(Amf0Marker.STRICT_ARRAY);
      u32(list.size());
      list.forEach(this::value);
    } else if (value instanceof AmfDate date) {
      out.write(Amf0Marker.DATE);
      u64(Double.doubleToRawLongBits(date.epochMs()));
      u16(date.zoneMinutes());
    } else if (value == AmfUndefined.UNDEFINED) {
      out.write(Amf0Marker.UNDEFINED);
    } else {
      throw new IllegalArgumentException("value: " + value.getClass() + " (expected: AMF0 type)");
    }
    return this;
  }

  /** Appends an ECMA array, the usual form of onMetaData. */
  public Amf0Writer ecmaArray(Map<String, ?> map) {
    out.write(Amf0Marker.ECMA_ARRAY);
    u32(map.size());
    pairs(map);
    return this;
  }

  public byte[] toBytes() {
    return out.toByteArray();
  }

  private void pairs(Map<?, ?> map) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      byte[] key = ((String) entry.getKey()).getBytes(StandardCharsets.UTF_8);
      if (key.length > 0xFFFF) {
        throw new IllegalArgumentException("key: " + key.length + " bytes (expected: < 65536)");
      }
      u16(key.length);
      out.writeBytes(key);
      value(entry.getValue());
    }
    u16(0);
    out.write(Amf0Marker.OBJECT_END);
  }

  private void string(String s) {
    byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0xFFFF) {
      out.write(Amf0Marker.LONG_STRING);
      u32(bytes.length);
    } else {
      out.write(Amf0Marker.STRING);
      u16(bytes.length);
    }
    out.writeBytes(bytes);
  }

  private void u16(int value) {
    out.write(value >>> 8);
    out.write(value);
  }

  private void u32(int value) {
    u16(value >>> 16);
    u16(value);
  }

  private void u64(long value) {
    u32((int) (value >>> 32));
    u32((int) value);
  }
}
