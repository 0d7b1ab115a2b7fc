package io.millrace.node;

/** Marks messages and states that cross nodes or are persisted; bound to Jackson CBOR. */
public interface CborSerializable {}
