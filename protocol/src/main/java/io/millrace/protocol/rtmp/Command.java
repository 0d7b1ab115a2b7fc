package io.millrace.protocol.rtmp;

import io.millrace.protocol.amf.Amf0Reader;
import io.millrace.protocol.amf.AmfException;
import io.millrace.protocol.amf.AmfLimits;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * A command or data message: name, then values. Source: RTMP 1.0 §7.1.1, §7.1.2.
 *
 * @param name never null
 * @param values all values of the message, the name included
 */
record Command(String name, List<Object> values) {

  /**
   * @param amf3Wrapped type 15 or 17: a zero byte precedes AMF0 values
   */
  static Command read(ByteBuffer payload, boolean amf3Wrapped, AmfLimits limits)
      throws RtmpException {
    if (amf3Wrapped && payload.hasRemaining() && payload.get(payload.position()) == 0) {
      payload.get();
    }
    try {
      List<Object> values = Amf0Reader.readAll(payload, limits);
      if (values.isEmpty() || !(values.get(0) instanceof String name)) {
        throw RtmpException.malformed("command name: none (expected: an AMF0 string)");
      }
      return new Command(name, values);
    } catch (AmfException e) {
      throw RtmpException.of(e);
    }
  }

  /** 0 when it is missing or no number. */
  double transaction() {
    return number(1);
  }

  double number(int index) {
    return at(index) instanceof Double d ? d : 0;
  }

  /** Null when it is missing or no string. */
  String text(int index) {
    return at(index) instanceof String s ? s : null;
  }

  /** Null when it is missing or no object. */
  Map<?, ?> object(int index) {
    return at(index) instanceof Map<?, ?> map ? map : null;
  }

  private Object at(int index) {
    return index < values.size() ? values.get(index) : null;
  }

  @Override
  public String toString() {
    return "Command[" + name.length() + " characters, " + values.size() + " values]";
  }
}
