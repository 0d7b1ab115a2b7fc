package io.millrace.testkit.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A server as an operator runs it: a JVM of its own with {@code io.millrace.node.Main serve}. Its
 * output goes to {@code DIRECTORY/NAME-PID.log}, which stays for whoever reads a failed test.
 * Closing kills it; so does the end of this JVM.
 */
public final class NodeProcess implements AutoCloseable {
  private static final Set<NodeProcess> RUNNING = ConcurrentHashMap.newKeySet();
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(NodeProcess::kill), "node-processes"));
  }

  private final NodeOptions options;
  private final Process process;
  private final Path log;
  private final CompletableFuture<ReadyLine> readyLine = new CompletableFuture<>();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private NodeProcess(NodeOptions options, Process process) {
    this.options = options;
    this.process = process;
    this.log = options.directory().resolve(options.name() + "-" + process.pid() + ".log");
  }

  /**
   * Starts a node and waits for its ready line.
   *
   * @throws AssertionError if it exits or says nothing within the start deadline, with the end of
   *     its log
   */
  public static NodeProcess start(NodeOptions options) {
    try {
      Files.createDirectories(options.directory());
      ProcessBuilder builder = new ProcessBuilder(options.command()).redirectErrorStream(true);
      builder.environment().putAll(options.environment());
      NodeProcess node = new NodeProcess(options, builder.start());
      RUNNING.add(node);
      node.startLogThread();
      node.awaitReady();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException("start of " + options.name(), e);
    }
  }

  /** Starts a node again on the same data and ports, as an operator would after a crash. */
  public NodeProcess startAgain() {
    return start(options.onPortsOf(ready()));
  }

  /** Where it listens. */
  public ReadyLine ready() {
    return readyLine.join();
  }

  public long pid() {
    return process.pid();
  }

  /** The file with everything that it printed. */
  public Path log() {
    return log;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Living child processes, which are its workers, oldest first. */
  public List<ProcessHandle> workers() {
    return process
        .children()
        .filter(ProcessHandle::isAlive)
        .sorted((a, b) -> a.info().startInstant().get().compareTo(b.info().startInstant().get()))
        .toList();
  }

  public void signal(Signal signal) {
    signal.send(pid());
  }

  /** {@code kill -9}, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }

  /** SIGTERM, and waits; fails if it needs longer than {@code deadline}. */
  public void terminate(Duration deadline) {
    signal(Signal.TERM);
    awaitExit(deadline);
  }

  private void awaitExit(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(options.name() + " did not end within " + deadline + tail());
      }
      RUNNING.remove(this);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Body of a GET that answers 200; any other status fails. */
  public String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(ready().http(path)).timeout(Duration.ofSeconds(15)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + ": status " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  /** A GET's body as JSON. */
  public JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path));
  }

  /**
   * Sum of a metric over the label sets that contain {@code labels} (e.g. {@code area="heap"};
   * empty for all); 0 if it is not there.
   */
  public double metric(String name, String labels) throws IOException, InterruptedException {
    return PrometheusText.sum(get("/metrics"), name, labels);
  }

  /** Bytes of heap in use right after a full collection, asked of the JVM itself. */
  public long heapAfterGcBytes() throws IOException, InterruptedException {
    return JvmHeap.usedAfterGcBytes(pid());
  }

  /** Bytes of all objects that are in use, less than what the heap needs to hold them. */
  public long liveObjectBytes() throws IOException, InterruptedException {
    return JvmHeap.liveObjectBytes(pid());
  }

  /** Waits until the API shows the stream in this state. */
  public void awaitStreamState(String stream, String state, Duration deadline) {
    Await.until(
        "stream " + stream + " is " + state,
        deadline,
        () -> state.equalsIgnoreCase(json("/api/v1/streams/" + stream).path("state").asText()));
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
    RUNNING.remove(this);
  }

  private void startLogThread() throws IOException {
    PrintWriter writer =
        new PrintWriter(Files.newBufferedWriter(log, StandardCharsets.UTF_8), true);
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    Thread thread = new Thread(() -> copyLog(output, writer), options.name() + "-log");
    thread.setDaemon(true);
    thread.start();
  }

  private void copyLog(BufferedReader output, PrintWriter writer) {
    try (output;
        writer) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        writer.println(line);
        ReadyLine.parse(line).ifPresent(readyLine::complete);
      }
    } catch (IOException e) {
      writer.println("end of output: " + e.getMessage());
    } finally {
      readyLine.completeExceptionally(new IOException("the process ended"));
    }
  }

  private void awaitReady() {
    try {
      readyLine.get(options.startDeadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      String tail = tail();
      close();
      throw new AssertionError(options.name() + ": no ready line" + tail, e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String tail() {
    try (Stream<String> lines = Files.lines(log)) {
      List<String> all = lines.toList();
      return ", log "
          + log
          + ":\n"
          + String.join("\n", all.subList(Math.max(0, all.size() - 30), all.size()));
    } catch (IOException e) {
      return ", no log: " + e.getMessage();
    }
  }
}
