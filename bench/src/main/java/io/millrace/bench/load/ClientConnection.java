package io.millrace.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One keep-alive connection, one request at a time. Used on its loop's thread only. */
public final class ClientConnection {
  private static final byte[] NO_BODY = new byte[0];

  private final ClientLoop loop;
  private final SocketChannel channel;
  private final AnswerHead head = new AnswerHead();
  private SelectionKey key;
  private ByteBuffer unsent;
  private AnswerSink sink;
  private boolean keepsBody;
  private boolean inBody;
  private byte[] body = NO_BODY;
  private long bodyBytes;
  private long sentNanos;

  private ClientConnection(ClientLoop loop, SocketChannel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  /**
   * Begins to connect; a request may be sent at once.
   *
   * @param local address to come from, port 0: any
   */
  static ClientConnection open(ClientLoop loop, InetSocketAddress local, InetSocketAddress server)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.bind(local);
      ClientConnection connection = new ClientConnection(loop, channel);
      boolean connected = channel.connect(server);
      int interest = connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
      connection.key = loop.register(channel, interest, connection);
      return connection;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** True until it was closed or has failed. */
  public boolean isOpen() {
    return channel.isOpen();
  }

  /**
   * Sends a request as it is.
   *
   * @param keepBody hand the body over; else it is only counted
   */
  public void send(byte[] request, boolean keepBody, AnswerSink to) {
    if (sink != null || !isOpen()) {
      throw new IllegalStateException(isOpen() ? "a request is under way" : "closed");
    }
    sink = to;
    keepsBody = keepBody;
    inBody = false;
    head.reset();
    sentNanos = System.nanoTime();
    unsent = ByteBuffer.wrap(request);
    if (channel.isConnected()) {
      write();
    }
  }

  public void close() {
    sink = null;
    closeChannel();
  }

  void ready() {
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        key.interestOps(SelectionKey.OP_READ);
        if (unsent != null) {
          write();
        }
        return;
      }
      if (key.isWritable()) {
        write();
      }
      if (key.isValid() && key.isReadable()) {
        read();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void write() {
    try {
      channel.write(unsent);
      boolean all = !unsent.hasRemaining();
      unsent = all ? null : unsent;
      int interest = all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
      if (key.interestOps() != interest) {
        key.interestOps(interest);
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void read() throws IOException {
    ByteBuffer in = loop.buffer();
    in.clear();
    int count = channel.read(in);
    if (count < 0) {
      fail(new EOFException("closed by the server"));
      return;
    }
    in.flip();
    take(in);
  }

  private void take(ByteBuffer in) throws IOException {
    while (in.hasRemaining()) {
      if (sink == null) {
        throw new IOException("bytes that nobody asked for");
      }
      if (!inBody) {
        inBody = head.add(in.get());
        if (!inBody) {
          continue;
        }
        bodyBytes = 0;
        body = keepsBody ? new byte[Math.toIntExact(head.contentLength)] : NO_BODY;
      }
      takeBody(in);
      if (bodyBytes == head.contentLength) {
        answered();
      }
    }
  }

  private void takeBody(ByteBuffer in) {
    int count = (int) Math.min(in.remaining(), head.contentLength - bodyBytes);
    if (keepsBody) {
      in.get(body, (int) bodyBytes, count);
    } else {
      in.position(in.position() + count);
    }
    bodyBytes += count;
  }

  private void answered() {
    AnswerSink to = sink;
    sink = null;
    inBody = false;
    Answer answer =
        new Answer(
            head.status,
            keepsBody ? head.etag() : "",
            head.gzip,
            body,
            bodyBytes,
            sentNanos,
            System.nanoTime());
    body = NO_BODY;
    if (head.close) {
      closeChannel();
    }
    loop.whenRead(() -> to.answered(answer));
  }

  private void fail(IOException reason) {
    AnswerSink to = sink;
    sink = null;
    closeChannel();
    if (to != null) {
      to.failed(reason);
    }
  }

  private void closeChannel() {
    try {
      channel.close();
    } catch (IOException e) {
      loop.report(e);
    }
  }
}
