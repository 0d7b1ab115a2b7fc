package io.millrace.node.ingest;

/** Who may publish. */
public enum AuthMode {
  /** Anyone: the key is the stream's name. */
  OPEN,
  /** Only who knows a key that was created before. */
  KEYS
}
