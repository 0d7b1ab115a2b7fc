package io.millrace.media.publish;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends a {@link TagSource} to a server at its own pace until it ends, is told to stop, or the
 * connection is lost for good. {@link #run()} blocks its thread; the other methods may be called
 * from any thread and take effect before the next tag.
 *
 * <p>While a connection is being replaced the source rests. A new session begins with the newest
 * codec configurations and then the next video key frame.
 */
public final class Broadcast {
  private static final int MAX_REQUESTS = 64;

  /** What may be asked of a running broadcast. */
  private enum Request {
    STOP,
    ABORT,
    RECONNECT,
    DROP_AND_RECONNECT,
    PAUSE,
    RESUME
  }

  private final PublishConnection.Opener opener;
  private final TagSource source;
  private final BroadcastSettings settings;
  private final PublishListener listener;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>(MAX_REQUESTS);
  private final TrackHeaders headers = new TrackHeaders();
  private final Pacer pacer;

  private PublishConnection connection;
  private int session;
  private boolean ended;
  private boolean awaitsKeyframe;
  private boolean sessionStarted;
  private long sessionBaseMs;

  /**
   * A broadcast to an RTMP address; the source is closed at its end.
   *
   * @param url {@code rtmp://HOST[:PORT]/APP/KEY}
   */
  public Broadcast(
      String url, TagSource source, BroadcastSettings settings, PublishListener listener) {
    this(() -> url, source, settings, listener);
  }

  /**
   * A broadcast to a server of several.
   *
   * @param url asked on the broadcast's thread before each attempt to connect
   */
  public Broadcast(
      Supplier<String> url,
      TagSource source,
      BroadcastSettings settings,
      PublishListener listener) {
    this(
        () -> RtmpPublisher.open(url.get(), settings.connectTimeout(), listener),
        source,
        settings,
        listener);
  }

  Broadcast(
      PublishConnection.Opener opener,
      TagSource source,
      BroadcastSettings settings,
      PublishListener listener) {
    this.opener = opener;
    this.source = source;
    this.settings = settings;
    this.listener = listener;
    this.pacer = new Pacer(settings.speed());
  }

  /**
   * Publishes to the end.
   *
   * @throws IOException if the source cannot be read, the server refuses, or the connection is lost
   *     and no attempt is left
   * @throws InterruptedException if the thread is interrupted; the socket is closed without a word
   */
  public void run() throws IOException, InterruptedException {
    try (source) {
      openSession();
      while (!ended) {
        sendNext();
      }
    } finally {
      if (connection != null) {
        connection.abort();
      }
    }
  }

  /** Ends the publish properly. */
  public void stop() {
    requests.add(Request.STOP);
  }

  /** Ends by closing the socket, as if the power had failed. */
  public void abort() {
    requests.add(Request.ABORT);
  }

  /** Ends the publish properly and goes on with a new connection. */
  public void reconnect() {
    requests.add(Request.RECONNECT);
  }

  /** Closes the socket without a word and goes on with a new connection. */
  public void dropAndReconnect() {
    requests.add(Request.DROP_AND_RECONNECT);
  }

  /** Sends nothing more, with the connection open, until {@link #resume()}. */
  public void pause() {
    requests.add(Request.PAUSE);
  }

  /** Goes on after {@link #pause()}, with the next tag due at once. */
  public void resume() {
    requests.add(Request.RESUME);
  }

  private void sendNext() throws IOException, InterruptedException {
    Optional<PublishTag> next = source.next();
    if (next.isEmpty()) {
      connection.finish();
      ended = true;
      return;
    }
    PublishTag tag = next.get();
    headers.remember(tag);
    waitUntilDue(tag);
    if (!ended && isWanted(tag)) {
      send(tag);
    }
  }

  private void waitUntilDue(PublishTag tag) throws IOException, InterruptedException {
    while (!ended) {
      long left = pacer.untilDueNanos(tag.timestampMs(), System.nanoTime());
      Request request = requests.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
      if (request != null) {
        handle(request);
      } else if (pacer.untilDueNanos(tag.timestampMs(), System.nanoTime()) <= 0) {
        return;
      }
    }
  }

  private void handle(Request request) throws IOException, InterruptedException {
    switch (request) {
      case STOP -> {
        connection.finish();
        ended = true;
      }
      case ABORT -> {
        connection.abort();
        ended = true;
      }
      case RECONNECT -> {
        connection.finish();
        replaceConnection();
      }
      case DROP_AND_RECONNECT -> {
        connection.abort();
        replaceConnection();
      }
      case PAUSE -> rest();
      case RESUME -> {}
    }
  }

  private void rest() throws IOException, InterruptedException {
    long from = System.nanoTime();
    Request request = requests.take();
    pacer.shift(System.nanoTime() - from);
    handle(request);
  }

  private boolean isWanted(PublishTag tag) {
    if (awaitsKeyframe && tag.isVideoFrame()) {
      awaitsKeyframe = !tag.isKeyframe();
      return !awaitsKeyframe;
    }
    return true;
  }

  private void send(PublishTag tag) throws IOException, InterruptedException {
    try {
      write(tag);
    } catch (IOException e) {
      listener.lost(e);
      connection.abort();
      if (settings.reconnectAttempts() == 0) {
        throw e;
      }
      replaceConnection();
    }
  }

  private void write(PublishTag tag) throws IOException {
    if (!sessionStarted && !TrackHeaders.isHeader(tag)) {
      sessionStarted = true;
      sessionBaseMs = settings.restartTimestamps() ? tag.timestampMs() : 0;
    }
    connection.write(tag.at(Math.max(0, tag.timestampMs() - sessionBaseMs)));
    listener.written(session, tag, System.nanoTime());
  }

  private void replaceConnection() throws IOException, InterruptedException {
    long from = System.nanoTime();
    awaitsKeyframe = true;
    sessionStarted = false;
    for (int attempt = 1; !ended; attempt++) {
      try {
        openSession();
        for (PublishTag header : headers.all()) {
          connection.write(header.at(0));
        }
        break;
      } catch (IOException e) {
        listener.lost(e);
        if (attempt >= settings.reconnectAttempts()) {
          throw e;
        }
        waitForNextAttempt();
      }
    }
    pacer.shift(System.nanoTime() - from);
  }

  private void waitForNextAttempt() throws InterruptedException {
    Request request = requests.poll(settings.reconnectDelay().toMillis(), TimeUnit.MILLISECONDS);
    ended = request == Request.STOP || request == Request.ABORT;
  }

  private void openSession() throws IOException {
    connection = opener.open();
    session++;
    listener.opened(session);
  }
}
