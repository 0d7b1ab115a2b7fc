package io.millrace.media.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with one selector, on which the connections that are given to it live: they read,
 * parse and hand over without a thread change, out of one large direct buffer that all of them
 * share.
 *
 * <p>Ingest does this instead of Pekko's TCP because its cost per stream is what a server for many
 * publishers is measured by, and the data port does the same: Pekko copies every read into a new
 * {@code ByteString} and passes it through two mailboxes, while here a message is copied once, from
 * the socket's buffer into the message under way, and a read costs no allocation. Not reading a
 * socket is its back-pressure.
 *
 * <p>Encoders send a small packet every few milliseconds, and being woken costs more than reading
 * it. So a loop rests for {@link #REST_NANOS} after a round in which it only read media: what has
 * come meanwhile is read at once, with one system call per socket. A round in which something else
 * was done, or somebody asked to {@link #hurry}, is followed by the next at once.
 *
 * <p>{@link #execute} and {@link #executeCaughtUp} are safe from any thread, everything else is
 * confined to the loop.
 */
public final class SocketLoop implements Runnable {
  /** What a registered channel wants to know. */
  public interface Ready {
    void ready(SelectionKey key) throws IOException;

    /** The channel failed, or its handling did; it must be closed now. */
    void failed(Exception cause);

    /** The loop ends; close now. */
    void stopped();
  }

  /** A task at a time; can be cancelled, which frees what it refers to. */
  public static final class Timer implements Comparable<Timer> {
    private final long atNanos;
    private Runnable task;

    private Timer(long atNanos, Runnable task) {
      this.atNanos = atNanos;
      this.task = task;
    }

    public long atNanos() {
      return atNanos;
    }

    public void cancel() {
      task = null;
    }

    @Override
    public int compareTo(Timer other) {
      return Long.signum(atNanos - other.atNanos);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(SocketLoop.class);
  private static final int READ_BYTES = 256 << 10;
  private static final long NANOS_PER_MS = 1_000_000;
  private static final long REST_NANOS = 20 * NANOS_PER_MS;

  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final Queue<Runnable> afterNextRound = new ArrayDeque<>();
  private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
  private final Thread thread;
  private boolean stopped;
  private boolean hurried;

  public SocketLoop(String name) throws IOException {
    this.selector = Selector.open();
    this.thread = new Thread(this, name);
    this.thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Runs the task on the loop, after what it is doing now; never if the loop has ended. */
  public void execute(Runnable task) {
    tasks.add(task);
    if (Thread.currentThread() != thread && selector.isOpen()) {
      selector.wakeup();
      LockSupport.unpark(thread);
    }
  }

  /**
   * Runs the task on the loop once everything has been read that had come when this was called;
   * never if the loop has ended.
   */
  public void executeCaughtUp(Runnable task) {
    execute(() -> afterNextRound.add(task));
  }

  /** Closes every channel and ends the thread. */
  public void stop() {
    execute(() -> stopped = true);
  }

  public Timer schedule(long atNanos, Runnable task) {
    Timer timer = new Timer(atNanos, task);
    timers.add(timer);
    return timer;
  }

  public SelectionKey register(SelectableChannel channel, int operations, Ready ready)
      throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, operations, ready);
  }

  /** The next round follows at once: the peer waits for something, or has sent more. */
  public void hurry() {
    hurried = true;
  }

  /** The shared buffer, empty; valid until the caller returns to the loop. */
  public ByteBuffer readBuffer() {
    return readBuffer.clear();
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        hurried = false;
        int caughtUp = afterNextRound.size();
        boolean read = select();
        for (int i = 0; i < caughtUp; i++) {
          runSafely(afterNextRound.remove());
        }
        runTasks();
        runTimers();
        if (read && !hurried) {
          LockSupport.parkNanos(this, REST_NANOS);
        }
      }
      selector.keys().forEach(key -> ((Ready) key.attachment()).stopped());
      runTasks();
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("selector", e);
    }
  }

  /** True when a channel was ready. */
  private boolean select() throws IOException {
    if (!tasks.isEmpty() || !afterNextRound.isEmpty()) {
      selector.selectNow();
    } else if (timers.isEmpty()) {
      selector.select();
    } else {
      long waitNanos = timers.peek().atNanos - System.nanoTime();
      if (waitNanos > 0) {
        selector.select(waitNanos / NANOS_PER_MS + 1);
      } else {
        selector.selectNow();
      }
    }
    for (SelectionKey key : selector.selectedKeys()) {
      handle(key);
    }
    boolean any = !selector.selectedKeys().isEmpty();
    selector.selectedKeys().clear();
    return any;
  }

  private void handle(SelectionKey key) {
    Ready ready = (Ready) key.attachment();
    if (!key.isValid()) {
      return;
    }
    try {
      ready.ready(key);
    } catch (IOException | RuntimeException e) {
      // One connection's fault must not end the others': this is the entry point of its thread.
      ready.failed(e);
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      hurry();
      runSafely(task);
    }
  }

  private void runTimers() {
    long now = System.nanoTime();
    while (!timers.isEmpty() && timers.peek().atNanos - now <= 0) {
      Runnable task = timers.remove().task;
      if (task != null) {
        runSafely(task);
      }
    }
  }

  private static void runSafely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("task failed", e);
    }
  }
}
