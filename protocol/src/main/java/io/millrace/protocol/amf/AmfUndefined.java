package io.millrace.protocol.amf;

/** The AMF0 value "undefined", told apart from null. Source: AMF0 §2.8. */
public enum AmfUndefined {
  UNDEFINED
}
