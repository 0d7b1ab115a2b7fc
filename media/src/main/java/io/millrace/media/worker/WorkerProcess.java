package io.millrace.media.worker;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's side of one worker process. Three threads of its own: the writer starts the process
 * and writes commands, the reader hands results to the listener, a third logs stderr lines. {@link
 * #tick()} is the watchdog. What the process held is lost when it goes; the owner replays.
 */
final class WorkerProcess implements WorkerPort {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final long MAX_QUEUED_BYTES = 64L * 1024 * 1024;

  private final WorkerSettings settings;
  private final String name;
  private final long tickMs;
  private final Runnable onExit;
  private final MediaQueue<WireMessage.ToWorker> queue;

  private final Object lock = new Object();
  private WorkerListener listener;
  private Process process;
  private String cause;
  private boolean exited;

  private volatile boolean ready;
  private volatile boolean pending;
  private final AtomicInteger silentTicks = new AtomicInteger();
  private boolean readyTold;

  /**
   * Starts at once, on its own thread.
   *
   * @param listener null for a spare
   * @param onExit runs after the listener's last call
   */
  WorkerProcess(
      WorkerSettings settings,
      String name,
      Duration tick,
      WorkerListener listener,
      Runnable onExit) {
    this.listener = listener;
    this.settings = settings;
    this.name = name;
    this.tickMs = tick.toMillis();
    this.onExit = onExit;
    this.queue = new MediaQueue<>(settings.maxQueuedMedia().toMillis() * 90, MAX_QUEUED_BYTES);
    pending = true;
    thread("writer", this::runAndWrite).start();
  }

  private Thread thread(String role, Runnable body) {
    Thread thread = new Thread(body, name + "-" + role);
    thread.setDaemon(true);
    return thread;
  }

  /** Gives this worker to a stream; false when it has exited already. */
  boolean attach(WorkerListener streamListener) {
    synchronized (lock) {
      if (exited) {
        return false;
      }
      listener = streamListener;
    }
    send(new WireMessage.Hello(), MediaQueue.NO_TIME, 0); // the answer is told as ready()
    return true;
  }

  long pid() {
    synchronized (lock) {
      return process == null ? -1 : process.pid();
    }
  }

  boolean isReady() {
    return ready;
  }

  @Override
  public void configure(WorkerConfig config) {
    send(new WireMessage.Config(config), MediaQueue.NO_TIME, config.extradata().length);
  }

  @Override
  public void unit(WorkerUnit unit) {
    send(new WireMessage.Unit(unit), unit.dts(), unit.data().length);
  }

  @Override
  public void flush(int flushId) {
    send(new WireMessage.Flush(flushId), MediaQueue.NO_TIME, 0);
  }

  @Override
  public void rungs(List<RungSwitch> switches) {
    send(new WireMessage.Rungs(switches), MediaQueue.NO_TIME, 0);
  }

  @Override
  public void thumbnail() {
    send(new WireMessage.Thumb(), MediaQueue.NO_TIME, 0);
  }

  @Override
  public void end() {
    send(new WireMessage.End(), MediaQueue.NO_TIME, 0);
  }

  @Override
  public long queuedMedia90k() {
    return queue.span90k();
  }

  private void send(WireMessage.ToWorker message, long time90k, int bytes) {
    pending = true;
    if (!queue.offer(message, time90k, bytes) && !queue.isShut()) {
      kill("input queue full: " + queue.span90k() / 90 + " ms of media wait");
    }
  }

  /** Ends the process whatever it does; {@code exited} follows. */
  void kill(String why) {
    synchronized (lock) {
      if (exited || cause != null) {
        return;
      }
      cause = why;
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  /**
   * Watchdog, called every tick. Counting ticks instead of reading a clock keeps a pause of the
   * whole machine from killing every worker.
   */
  void tick() {
    if (!pending) {
      return;
    }
    int silent = silentTicks.incrementAndGet();
    Duration limit = ready ? settings.silenceTimeout() : settings.startTimeout();
    if (silent * tickMs >= limit.toMillis()) {
      kill("no sign of life for " + limit.toMillis() + " ms");
    }
  }

  private void runAndWrite() {
    try {
      startProcess();
    } catch (IOException e) {
      exit(-1, "cannot start: " + e.getMessage());
      return;
    }
    thread("stderr", this::logStderr).start();
    thread("reader", this::readAndWait).start();
    try (OutputStream out = new BufferedOutputStream(process.getOutputStream(), BUFFER_BYTES)) {
      write(out);
    } catch (IOException e) {
      LOG.debug("{}: input pipe: {}", name, e.getMessage()); // the reader tells the listener
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startProcess() throws IOException {
    Process started = WorkerCommand.builder(settings).start();
    synchronized (lock) {
      process = started;
      if (cause != null) {
        started.destroyForcibly();
      }
    }
  }

  private void write(OutputStream out) throws IOException, InterruptedException {
    WireOutput frame = new WireOutput();
    WireMessage.ToWorker message = queue.take();
    while (message != null) {
      WireCodec.encode(message, frame);
      frame.writeTo(out);
      if (queue.isEmpty()) {
        out.flush();
      }
      if (message instanceof WireMessage.End) {
        return;
      }
      message = queue.take();
    }
  }

  private void readAndWait() {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER_BYTES))) {
      WireMessage message = WireCodec.decode(in);
      while (message != null) {
        silentTicks.set(0);
        pending = !queue.isEmpty();
        dispatch(message);
        message = WireCodec.decode(in);
      }
    } catch (IOException e) {
      kill("output pipe: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("{}: listener failed", name, e);
      kill("listener failed: " + e);
    }
    waitAndExit();
  }

  private void dispatch(WireMessage message) throws WireException {
    WorkerListener to;
    synchronized (lock) {
      to = listener;
    }
    if (message instanceof WireMessage.Ready m) {
      ready(to, m.encoder());
    } else if (to == null) {
      return; // heartbeats of a spare
    } else if (message instanceof WireMessage.Packet m) {
      to.packet(m.packet());
    } else if (message instanceof WireMessage.Stats m) {
      to.stats(m.stats());
    } else if (message instanceof WireMessage.Init m) {
      to.init(m.rung(), m.generation(), m.extradata());
    } else if (message instanceof WireMessage.Dropped m) {
      to.dropped(m.rung(), m.sourceSeq(), m.count());
    } else if (message instanceof WireMessage.Flushed m) {
      to.flushed(m.id());
    } else if (message instanceof WireMessage.Thumbnail m) {
      to.thumbnail(m.jpeg());
    } else {
      throw new WireException("frame: a command (expected: a result)");
    }
  }

  private void ready(WorkerListener to, String encoder) {
    if (!ready) {
      ready = true;
      LOG.info("{}: ready, pid {}, H.264 encoder {}", name, pid(), encoder);
    }
    if (to != null && !readyTold) {
      readyTold = true;
      to.ready();
    }
  }

  private void waitAndExit() {
    try {
      int code = process.waitFor();
      exit(code, code > 128 ? "killed by signal " + (code - 128) : "exit code " + code);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      exit(-1, "interrupted");
      Thread.currentThread().interrupt();
    }
  }

  private void exit(int code, String observed) {
    WorkerListener last;
    String why;
    synchronized (lock) {
      exited = true;
      last = listener;
      why = cause == null ? observed : cause;
    }
    queue.close();
    LOG.info("{}: gone: {}", name, why);
    try {
      if (last != null) {
        last.exited(code, why);
      }
    } finally {
      onExit.run();
    }
  }

  private void logStderr() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        LOG.warn("{}: {}", name, line);
        line = lines.readLine();
      }
    } catch (IOException e) {
      LOG.debug("{}: stderr: {}", name, e.getMessage());
    }
  }
}
