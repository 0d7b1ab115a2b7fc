package io.millrace.node.ingest;

import io.millrace.protocol.rtmp.RtmpClientHandler;
import io.millrace.protocol.rtmp.RtmpClientSession;
import io.millrace.protocol.rtmp.RtmpException;
import io.millrace.protocol.rtmp.RtmpLimits;
import io.millrace.protocol.rtmp.RtmpUrl;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A publisher on a blocking socket that does what a test says and no more. */
final class RawClient implements RtmpClientHandler, AutoCloseable {
  final Socket socket;
  final RtmpClientSession session;
  final List<String> statuses = new ArrayList<>();

  RawClient(ListenerFixture fixture, String path) throws IOException {
    socket = fixture.socket();
    RtmpUrl url = RtmpUrl.parse("rtmp://127.0.0.1:" + fixture.port + "/" + path);
    session = new RtmpClientSession(url, RtmpLimits.STANDARD, 4096);
    session.start(this);
  }

  /** Reads until the publish is accepted. */
  RawClient publish() throws IOException, RtmpException {
    while (!session.publishing()) {
      if (!readOnce()) {
        throw new IOException("closed: " + statuses);
      }
    }
    return this;
  }

  /** Reads until the server has said this. */
  void awaitStatus(String status) throws IOException, RtmpException {
    while (!statuses.contains(status)) {
      if (!readOnce()) {
        throw new IOException("closed: " + statuses);
      }
    }
  }

  /** Reads to the end of the stream, whatever comes. */
  void readToEnd() throws RtmpException {
    try {
      while (readOnce()) {}
    } catch (IOException e) {
      statuses.add("reset");
    }
  }

  private boolean readOnce() throws IOException, RtmpException {
    byte[] bytes = new byte[8192];
    int count = socket.getInputStream().read(bytes);
    if (count > 0) {
      session.receive(ByteBuffer.wrap(bytes, 0, count), this);
    }
    return count >= 0;
  }

  @Override
  public void send(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    try {
      socket.getOutputStream().write(copy);
    } catch (IOException e) {
      statuses.add("write failed");
    }
  }

  @Override
  public void onPublishing() {
    statuses.add("publishing");
  }

  @Override
  public void onStatus(String level, String code, String text) {
    statuses.add(level + " " + code + " " + text);
  }

  @Override
  public void onReconnectRequest(String tcUrl) {
    statuses.add("reconnect");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
