package io.millrace.testkit.redis;

import io.millrace.testkit.process.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A redis-server process on 127.0.0.1 that a test may kill, pause and bring back, on the same port,
 * with its data or empty. Its output goes to {@code DIRECTORY/redis.log}. Not thread-safe. Closing
 * kills it; so does the end of this JVM.
 */
public final class RedisServer implements AutoCloseable {
  private static final Duration START_DEADLINE = Duration.ofSeconds(20);
  private static final Duration EXIT_DEADLINE = Duration.ofSeconds(10);
  private static final int PORT_ATTEMPTS = 5;
  private static final Set<RedisServer> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> RUNNING.forEach(server -> server.process.destroyForcibly()),
                "redis-servers"));
  }

  private final RedisOptions options;
  private final int port;
  private volatile Process process;

  private RedisServer(RedisOptions options, int port) {
    this.options = options;
    this.port = port;
  }

  /** A server on any free port with its data in {@code directory}. */
  public static RedisServer start(Path directory) {
    return start(RedisOptions.in(directory));
  }

  /**
   * Starts a server and waits until it takes connections.
   *
   * @throws AssertionError if it does not, with the end of its log
   */
  public static RedisServer start(RedisOptions options) {
    AssertionError last = null;
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      RedisServer server =
          new RedisServer(options, options.port() == 0 ? freePort() : options.port());
      try {
        server.launch();
        return server;
      } catch (AssertionError e) {
        last = e;
        if (options.port() != 0) {
          break;
        }
      }
    }
    throw last;
  }

  public int port() {
    return port;
  }

  /** {@code redis://127.0.0.1:PORT}, with the password when there is one. */
  public String uri() {
    String password = options.settings().get("requirepass");
    return "redis://" + (password == null ? "" : ":" + password + "@") + "127.0.0.1:" + port;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** A connection of its own for a test's questions; the caller closes it. */
  public RedisProbe probe() {
    return RedisProbe.connect(port, options.settings().get("requirepass"));
  }

  /** Stops answering but keeps connections, as a host that hangs. */
  public void pause() {
    Signal.STOP.send(pid());
  }

  /** Ends {@link #pause}. */
  public void resume() {
    Signal.CONT.send(pid());
  }

  /** {@code kill -9}, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** SIGTERM, and waits until it is gone. */
  public void stop() {
    process.destroy();
    awaitExit();
  }

  /** Starts it again on the data that the last one left; kills it first when it runs. */
  public void restart() {
    if (isAlive()) {
      kill();
    }
    launch();
  }

  /** Starts it again without data, as after the loss of its disk; kills it first when it runs. */
  public void restartEmpty() {
    if (isAlive()) {
      kill();
    }
    deleteData();
    launch();
  }

  @Override
  public void close() {
    if (isAlive()) {
      kill();
    }
    RUNNING.remove(this);
  }

  private void launch() {
    try {
      Files.createDirectories(options.directory());
      List<String> command = new ArrayList<>();
      command.add(RedisExecutable.find().toString());
      command.addAll(options.arguments(port));
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException("start of redis-server", e);
    }
    RUNNING.add(this);
    awaitReady(copyLog(process));
  }

  private CompletableFuture<Void> copyLog(Process started) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Thread thread = new Thread(() -> copyLog(started, ready), "redis-log-" + port);
    thread.setDaemon(true);
    thread.start();
    return ready;
  }

  private void copyLog(Process started, CompletableFuture<Void> ready) {
    try (BufferedReader output =
            new BufferedReader(
                new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        PrintWriter log =
            new PrintWriter(
                Files.newBufferedWriter(
                    log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        log.println(line);
        if (line.contains("eady to accept connections") || line.contains("Sentinel ID is")) {
          ready.complete(null);
        }
      }
      ready.completeExceptionally(new IOException("the process ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private void awaitReady(CompletableFuture<Void> ready) {
    try {
      ready.get(START_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new AssertionError("redis-server on port " + port + " is not ready, see " + log(), e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void awaitExit() {
    try {
      if (!process.waitFor(EXIT_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("redis-server " + pid() + " did not end");
      }
      RUNNING.remove(this);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Path log() {
    return options.directory().resolve("redis.log");
  }

  private void deleteData() {
    try (Stream<Path> files = Files.walk(options.directory())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(options.directory()) && !file.equals(log())) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("deletion of Redis data", e);
    }
  }

  /** On all addresses, as the server binds: another program may use it on 127.0.0.x. */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("free port", e);
    }
  }
}
