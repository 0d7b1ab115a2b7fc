package io.millrace.media.publish;

import io.millrace.protocol.rtmp.PublishTarget;
import io.millrace.protocol.rtmp.RtmpConnect;
import io.millrace.protocol.rtmp.RtmpError;
import io.millrace.protocol.rtmp.RtmpException;
import io.millrace.protocol.rtmp.RtmpLimits;
import io.millrace.protocol.rtmp.RtmpServerHandler;
import io.millrace.protocol.rtmp.RtmpServerSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Serves one publisher on loopback and writes down what it hears. */
final class FakeRtmpServer implements AutoCloseable {
  private final ServerSocket listener;
  private final boolean refusing;
  private final int closeAfterFrames;

  /** What was heard, in words, in order; "closed" at the end. */
  final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  FakeRtmpServer(boolean refusing, int closeAfterFrames) throws IOException {
    this.refusing = refusing;
    this.closeAfterFrames = closeAfterFrames;
    this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "fake-rtmp-server");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "rtmp://127.0.0.1:" + listener.getLocalPort() + "/live/key";
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void serve() {
    try (Socket socket = listener.accept()) {
      RtmpServerSession session = new RtmpServerSession(RtmpLimits.STANDARD);
      Handler handler = new Handler(socket);
      byte[] bytes = new byte[4096];
      int count = socket.getInputStream().read(bytes);
      while (count >= 0 && !handler.closing) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, count);
        session.receive(in, handler);
        if (session.awaitingAnswer()) {
          answer(session, handler);
          session.receive(in, handler);
        }
        if (!handler.closing) {
          count = socket.getInputStream().read(bytes);
        }
      }
      heard.add("closed");
    } catch (IOException | RtmpException e) {
      heard.add("failed: " + e);
    }
  }

  private void answer(RtmpServerSession session, RtmpServerHandler handler) {
    if (refusing) {
      session.rejectPublish(RtmpError.BAD_NAME, "in use", handler);
    } else {
      session.acceptPublish(handler);
    }
  }

  private final class Handler implements RtmpServerHandler {
    private final Socket socket;
    private int frames;
    private boolean closing;

    Handler(Socket socket) {
      this.socket = socket;
    }

    @Override
    public void send(ByteBuffer bytes) {
      try {
        socket
            .getOutputStream()
            .write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      } catch (IOException e) {
        heard.add("cannot answer: " + e);
      }
    }

    @Override
    public void onConnect(RtmpConnect connect) {
      heard.add("connect");
    }

    @Override
    public void onPublish(PublishTarget target) {
      heard.add("publish");
    }

    @Override
    public void onMetadata(Map<String, Object> metadata) {
      heard.add("metadata " + metadata);
    }

    @Override
    public void onAudio(long timestampMs, ByteBuffer body) {
      heard.add("audio " + timestampMs + " " + body.remaining());
    }

    @Override
    public void onVideo(long timestampMs, ByteBuffer body) {
      heard.add("video " + timestampMs + " " + body.remaining());
      frames++;
      closing = closeAfterFrames > 0 && frames >= closeAfterFrames;
    }

    @Override
    public void onUnpublish() {
      heard.add("unpublish");
    }

    @Override
    public void onClose(RtmpError error, String reason) {
      closing = true;
    }
  }
}
