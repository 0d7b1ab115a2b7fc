package io.millrace.media.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time and memory of this process by Linux's {@code /proc} (proc(5)); 0 elsewhere. */
final class ProcessFigures {
  private static final Path STAT = Path.of("/proc/self/stat");
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final int TICK_MS = 10; // USER_HZ is 100 on every Linux ABI
  private static final int PAGE_BYTES = 4096;

  private ProcessFigures() {}

  static long cpuMillis() {
    String stat = read(STAT);
    // Fields after the command name, which may hold blanks: utime is the 12th, stime the 13th.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
    return fields.length < 13
        ? 0
        : (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MS;
  }

  static long residentBytes() {
    String[] fields = read(STATM).split(" ", -1);
    return fields.length < 2 ? 0 : Long.parseLong(fields[1]) * PAGE_BYTES;
  }

  private static String read(Path file) {
    try {
      return Files.isReadable(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return ""; // a figure for people; the worker goes on without
    }
  }
}
