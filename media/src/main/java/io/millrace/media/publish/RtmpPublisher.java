package io.millrace.media.publish;

import io.millrace.protocol.rtmp.RtmpClientHandler;
import io.millrace.protocol.rtmp.RtmpClientSession;
import io.millrace.protocol.rtmp.RtmpException;
import io.millrace.protocol.rtmp.RtmpLimits;
import io.millrace.protocol.rtmp.RtmpUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One publishing RTMP connection on a blocking socket, with a thread that reads the server's
 * answers. The pure session is guarded by its own lock, since answers may need a reply (pings,
 * acknowledgements) while a tag is written.
 */
public final class RtmpPublisher implements PublishConnection {
  private static final int CHUNK_BYTES = 65536;
  private static final int READ_BYTES = 8192;
  private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(2);

  private final Socket socket;
  private final OutputStream out;
  private final RtmpClientSession session;
  private final PublishListener listener;
  private final Thread reader;
  private final CompletableFuture<Void> accepted = new CompletableFuture<>();
  private final CompletableFuture<IOException> failure = new CompletableFuture<>();
  private final Handler handler = new Handler();
  private final Object lock = new Object();

  private RtmpPublisher(Socket socket, RtmpUrl url, PublishListener listener) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.session = new RtmpClientSession(url, RtmpLimits.STANDARD, CHUNK_BYTES);
    this.listener = listener;
    this.reader = new Thread(this::readAnswers, "rtmp-publisher-" + socket.getLocalPort());
    this.reader.setDaemon(true);
  }

  /**
   * Connects and publishes.
   *
   * @param url {@code rtmp://HOST[:PORT]/APP/KEY}
   * @param timeout for TCP connect, and again for the server's consent
   * @throws IOException if there is no server, it refuses, or it does not answer in time
   * @throws IllegalArgumentException if {@code url} is not of that form
   */
  public static RtmpPublisher open(String url, Duration timeout, PublishListener listener)
      throws IOException {
    RtmpUrl target = RtmpUrl.parse(url);
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(target.host(), target.port()), (int) timeout.toMillis());
      RtmpPublisher publisher = new RtmpPublisher(socket, target, listener);
      publisher.start(timeout);
      return publisher;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void write(PublishTag tag) throws IOException {
    synchronized (lock) {
      if (!session.publishing()) {
        throw failure.getNow(new IOException("the publish is over"));
      }
      ByteBuffer body = ByteBuffer.wrap(tag.body());
      switch (tag.type()) {
        case AUDIO -> session.sendAudio(tag.timestampMs(), body, handler);
        case VIDEO -> session.sendVideo(tag.timestampMs(), body, handler);
        case SCRIPT -> session.sendMetadata(body, handler);
      }
      handler.rethrow();
    }
  }

  /** Waits at most 2 s for the server to close its side, so that nothing sent is thrown away. */
  @Override
  public void finish() throws IOException {
    synchronized (lock) {
      session.unpublish(handler);
      handler.rethrow();
    }
    socket.shutdownOutput();
    try {
      reader.join(FINISH_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    socket.close();
  }

  @Override
  public void abort() {
    failure.complete(new IOException("closed by the publisher"));
    try {
      socket.close();
    } catch (IOException e) {
      listener.lost(e);
    }
  }

  private void start(Duration timeout) throws IOException {
    synchronized (lock) {
      session.start(handler);
      handler.rethrow();
    }
    reader.start();
    try {
      accepted.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no consent of the server within " + timeout.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void readAnswers() {
    byte[] buffer = new byte[READ_BYTES];
    try {
      InputStream in = socket.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        synchronized (lock) {
          session.receive(ByteBuffer.wrap(buffer, 0, count), handler);
          handler.rethrow();
        }
      }
      fail(new IOException("the server closed the connection"));
    } catch (RtmpException e) {
      fail(new IOException("unintelligible answer: " + e.getMessage(), e));
    } catch (IOException e) {
      fail(e);
    }
  }

  /** The first reason counts; a writer that is blocked is woken by the closed socket. */
  private void fail(IOException reason) {
    failure.complete(reason);
    accepted.completeExceptionally(failure.join());
    synchronized (lock) {
      handler.ended = true;
    }
  }

  /** Called with the lock held. */
  private final class Handler implements RtmpClientHandler {
    private IOException writeError;
    private boolean ended;

    @Override
    public void send(ByteBuffer bytes) {
      if (writeError != null) {
        return;
      }
      try {
        if (ended) {
          throw failure.join();
        }
        out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      } catch (IOException e) {
        writeError = failure.getNow(e);
      }
    }

    @Override
    public void onPublishing() {
      accepted.complete(null);
    }

    @Override
    public void onStatus(String level, String code, String text) {
      listener.status(code, text);
      if (level.equals("error")) {
        IOException refusal = new IOException(code + ": " + text);
        failure.complete(refusal);
        accepted.completeExceptionally(refusal);
      }
    }

    @Override
    public void onReconnectRequest(String tcUrl) {
      failure.complete(new IOException("the server asks to reconnect"));
      ended = true;
    }

    void rethrow() throws IOException {
      if (writeError != null) {
        throw new IOException(writeError.getMessage(), writeError);
      }
    }
  }
}
