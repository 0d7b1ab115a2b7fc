package io.millrace.node.relay;

import java.util.Arrays;
import java.util.List;

/** Units of one relay whose payloads are in one file. Not thread-safe. */
final class RelayBlock {
  private final RelaySpill.Block file;
  private final List<RelayUnits.Entry> entries;
  private final long lastSeq;
  private boolean written;
  private boolean loading;
  private boolean obsolete;

  /** The entries, which stay in memory until {@link #unload}, belong to this block from now on. */
  RelayBlock(RelaySpill.Block file, List<RelayUnits.Entry> entries) {
    this.file = file;
    this.entries = entries;
    this.lastSeq = entries.get(entries.size() - 1).unit().seq();
    entries.forEach(entry -> entry.block(this));
  }

  RelaySpill.Block file() {
    return file;
  }

  int bytes() {
    return file.bytes();
  }

  long lastSeq() {
    return lastSeq;
  }

  List<byte[]> payloads() {
    return entries.stream().map(entry -> entry.unit().payload()).toList();
  }

  /**
   * The payloads are in the file: they leave memory.
   *
   * @return bytes that left
   */
  long unload() {
    written = true;
    loading = false;
    long left = 0;
    for (RelayUnits.Entry entry : entries) {
      if (entry.isHeld() && entry.isInMemory()) {
        entry.unload();
        left += entry.size();
      }
    }
    return left;
  }

  /** False when it is on its way already. */
  boolean beginLoading() {
    boolean first = !loading;
    loading = true;
    return first;
  }

  /**
   * @param content of the file
   * @return bytes that came into memory
   */
  long load(byte[] content) {
    long came = 0;
    int offset = 0;
    for (RelayUnits.Entry entry : entries) {
      if (entry.isHeld() && !entry.isInMemory()) {
        entry.load(Arrays.copyOfRange(content, offset, offset + entry.size()));
        came += entry.size();
      }
      offset += entry.size();
    }
    return came;
  }

  /** It could not be written: its units are in memory only. */
  void detach() {
    entries.forEach(entry -> entry.block(null));
  }

  /**
   * None of its units is needed any more.
   *
   * @return whether the file can go now; else it goes when it is written
   */
  boolean retire() {
    obsolete = true;
    return written;
  }

  boolean isObsolete() {
    return obsolete;
  }
}
