package io.millrace.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CPU time and memory of processes, from {@code /proc} (proc(5)). Times are seconds. */
public final class Proc {
  private static final double TICKS_PER_SECOND = 100;

  private Proc() {}

  /** User and system time of the processes so far. */
  public static double cpuSeconds(List<Long> pids) {
    return pids.stream().mapToDouble(pid -> ticks(pid, 13) / TICKS_PER_SECOND).sum();
  }

  /** User and system time of all children of this process that have ended and were waited for. */
  static double endedChildrenCpuSeconds() {
    return ticks(ProcessHandle.current().pid(), 15) / TICKS_PER_SECOND;
  }

  /** Resident memory now, MiB. */
  static double residentMib(List<Long> pids) {
    return status(pids, "VmRSS:") / 1024.0;
  }

  /** Threads now. */
  static long threads(List<Long> pids) {
    return status(pids, "Threads:");
  }

  private static long status(List<Long> pids, String field) {
    long sum = 0;
    for (long pid : pids) {
      for (String line : lines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith(field)) {
          sum += Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    }
    return sum;
  }

  static List<Long> descendants(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .toList();
  }

  /** Fields {@code first} and {@code first + 1} of stat, counted from 0, added. */
  private static long ticks(long pid, int first) {
    String stat = String.join(" ", lines(Path.of("/proc", Long.toString(pid), "stat")));
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    // The fields after the name start with number 2.
    return Long.parseLong(fields.get(first - 2)) + Long.parseLong(fields.get(first - 1));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
