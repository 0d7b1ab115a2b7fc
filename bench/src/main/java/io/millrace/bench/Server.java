package io.millrace.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code millrace serve} of its own with a fresh data directory, on free ports. */
final class Server implements AutoCloseable {
  private final Path dir;
  private final Process process;
  private final String rtmpAddress;
  private final String httpAddress;

  private Server(Path dir, Process process, String rtmpAddress, String httpAddress) {
    this.dir = dir;
    this.process = process;
    this.rtmpAddress = rtmpAddress;
    this.httpAddress = httpAddress;
  }

  /** Starts it and waits for its ready line. {@code conf}: lines of the configuration file. */
  static Server start(String conf) throws IOException {
    Path dir = Scratch.create("millrace");
    Path file = Files.writeString(dir.resolve("bench.conf"), conf);
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("millrace.home") + "/millrace", "serve", "--conf", file.toString());
    builder.environment().put("MILLRACE_RTMP_PORT", "0");
    builder.environment().put("MILLRACE_HTTP_PORT", "0");
    builder.environment().put("MILLRACE_BIND", "127.0.0.1");
    builder.environment().put("MILLRACE_DATA_DIR", dir.resolve("data").toString());
    builder.redirectError(dir.resolve("stderr.log").toFile());
    Process process = builder.start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("millrace ready ")) {
        return new Server(dir, process, field(line, "rtmp"), field(line, "http"));
      }
    }
    throw new IOException("the server ended before it was ready; see " + dir + "/stderr.log");
  }

  private static String field(String line, String name) {
    for (String word : line.split(" ", -1)) {
      if (word.startsWith(name + "=")) {
        return word.substring(name.length() + 1);
      }
    }
    throw new IllegalStateException("no " + name + " in: " + line);
  }

  String rtmpUrl(String key) {
    return "rtmp://" + rtmpAddress + "/live/" + key;
  }

  String httpUrl(String path) {
    return "http://" + httpAddress + path;
  }

  List<Long> node() {
    return List.of(process.pid());
  }

  List<Long> processes() {
    List<Long> pids = new ArrayList<>(workers());
    pids.add(process.pid());
    return pids;
  }

  List<Long> workers() {
    return Proc.descendants(process.pid());
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Scratch.delete(dir);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
