package io.millrace.testkit.publish;

import io.millrace.media.publish.Broadcast;
import io.millrace.media.publish.BroadcastSettings;
import io.millrace.media.publish.FlvTagSource;
import io.millrace.media.publish.LoopedTagSource;
import io.millrace.media.publish.TagSource;
import io.millrace.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * A broadcaster on a thread of its own that sends in real time and keeps a log of the video frames
 * it wrote. Closing drops the connection, if it is still there.
 */
public final class TestPublisher implements AutoCloseable {
  private static final Duration END_DEADLINE = Duration.ofSeconds(20);

  private final SentFrames log = new SentFrames();
  private final Broadcast broadcast;
  private final Thread thread;
  private volatile Exception failure;

  private TestPublisher(Supplier<String> url, TagSource source, BroadcastSettings settings) {
    this.broadcast = new Broadcast(url, source, settings, log);
    this.thread = new Thread(this::run, "test-publisher");
    this.thread.setDaemon(true);
    this.thread.start();
  }

  /** Publishes an FLV file once. */
  public static TestPublisher once(String url, Path flv, BroadcastSettings settings)
      throws IOException {
    return once(() -> url, flv, settings);
  }

  /** Publishes an FLV file once; {@code url} is asked before each attempt to connect. */
  public static TestPublisher once(Supplier<String> url, Path flv, BroadcastSettings settings)
      throws IOException {
    return new TestPublisher(url, open(flv), settings);
  }

  /** Publishes an FLV file again and again, with timestamps that go on. */
  public static TestPublisher looped(String url, Path flv, BroadcastSettings settings)
      throws IOException {
    return looped(() -> url, flv, settings);
  }

  /** The same; {@code url} is asked before each attempt to connect. */
  public static TestPublisher looped(Supplier<String> url, Path flv, BroadcastSettings settings)
      throws IOException {
    return new TestPublisher(url, new LoopedTagSource(() -> open(flv)), settings);
  }

  /** Publishes what a source gives; it is closed at the end. */
  public static TestPublisher of(String url, TagSource source, BroadcastSettings settings) {
    return new TestPublisher(() -> url, source, settings);
  }

  /** Video frames written so far, in sending order. */
  public List<SentFrame> sent() {
    return log.frames();
  }

  /**
   * Numbers of the frames written in one session, in presentation order. The source's first frame
   * is an IDR and 0.
   *
   * @param framesPerSecond of the source, exactly
   */
  public List<Integer> numbers(int session, double framesPerSecond) {
    List<SentFrame> all = sent();
    return all.stream()
        .filter(frame -> frame.session() == session)
        .map(frame -> number(frame, framesPerSecond, all.get(0).presentationMs()))
        .sorted()
        .toList();
  }

  /** Sessions, the server's statuses and losses so far, in words. */
  public List<String> events() {
    return log.events();
  }

  /** Number of sessions opened so far. */
  public int sessions() {
    return log.sessions();
  }

  /** Waits until this many video frames are written, all sessions together. */
  public void awaitFrames(int count, Duration deadline) {
    Await.until(
        count + " frames are written",
        deadline,
        () -> {
          if (log.count() < count && !thread.isAlive()) {
            throw new IllegalStateException("the publisher ended: " + events(), failure);
          }
          return log.count() >= count;
        });
  }

  /** Waits until the n-th session is open. */
  public void awaitSession(int session, Duration deadline) {
    Await.until("session " + session + " is open", deadline, () -> sessions() >= session);
  }

  /** Waits until it has sent everything and ended. */
  public void awaitEnd(Duration deadline) {
    Await.until("the publisher has ended", deadline, () -> !thread.isAlive());
    requireNoFailure();
  }

  /** FCUnpublish, deleteStream, close; returns when that is done. */
  public void stop() {
    broadcast.stop();
    awaitEnd(END_DEADLINE);
  }

  /** Closes the socket without a word. */
  public void abort() {
    broadcast.abort();
    awaitEnd(END_DEADLINE);
  }

  /** Stalls with the connection open. */
  public void pause() {
    broadcast.pause();
  }

  /** Goes on after {@link #pause()}. */
  public void resume() {
    broadcast.resume();
  }

  /** Ends the session properly and opens another. */
  public void reconnect() {
    int before = sessions();
    broadcast.reconnect();
    awaitSession(before + 1, END_DEADLINE);
  }

  /** Closes the socket without a word and opens another session. */
  public void dropAndReconnect() {
    int before = sessions();
    broadcast.dropAndReconnect();
    awaitSession(before + 1, END_DEADLINE);
  }

  /** Closes the socket without a word and tries to connect again, for as long as it takes. */
  public void drop() {
    broadcast.dropAndReconnect();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static TagSource open(Path flv) throws IOException {
    return new FlvTagSource(Files.newInputStream(flv));
  }

  private static int number(SentFrame frame, double framesPerSecond, long firstMs) {
    return (int) Math.round((frame.presentationMs() - firstMs) * framesPerSecond / 1000);
  }

  private void requireNoFailure() {
    if (failure != null) {
      throw new AssertionError("the publisher failed: " + events(), failure);
    }
  }

  private void run() {
    try {
      broadcast.run();
    } catch (IOException | InterruptedException | RuntimeException e) {
      failure = e;
    }
  }
}
