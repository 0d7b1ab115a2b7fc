package io.millrace.http.net;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Queue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * A viewer's socket as the lowest part of Pekko HTTP's server layer, which speaks the protocol of a
 * TLS stage also when there is none: for connections whose requests are not all simple. Answers are
 * written by the thread that runs the stream; the socket's loop is asked only when the socket takes
 * no more.
 */
final class ConnectionStage extends GraphStage<FlowShape<SslTlsOutbound, SslTlsInbound>> {
  private static final SSLSession NO_TLS = noTls();

  private final HttpConnection connection;
  private final Inlet<SslTlsOutbound> in = Inlet.create("HttpConnection.in");
  private final Outlet<SslTlsInbound> out = Outlet.create("HttpConnection.out");
  private final FlowShape<SslTlsOutbound, SslTlsInbound> shape = FlowShape.of(in, out);

  ConnectionStage(HttpConnection connection) {
    this.connection = connection;
  }

  private static SSLSession noTls() {
    try {
      return SSLContext.getDefault().createSSLEngine().getSession();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has a default context", e);
    }
  }

  @Override
  public FlowShape<SslTlsOutbound, SslTlsInbound> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Logic();
  }

  private enum Signal {
    INPUT_ENDED,
    WRITABLE,
    ABORTED
  }

  private final class Logic extends GraphStageLogic {
    private final Unwritten unwritten = new Unwritten();
    private final Queue<ByteString> undelivered = new ArrayDeque<>(2);
    private boolean inputEnded;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              unwritten.add(((SendBytes) grab(in)).bytes());
              write();
            }

            @Override
            public void onUpstreamFinish() {
              if (unwritten.isEmpty()) {
                completeStage();
              }
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (!undelivered.isEmpty()) {
                deliver(undelivered.remove());
              }
              completeWhenAllIsDelivered();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              // No more requests are wanted; answers may still come, and end this.
              undelivered.forEach(bytes -> connection.delivered(bytes.size()));
              undelivered.clear();
            }
          });
    }

    @Override
    public void preStart() {
      setKeepGoing(true);
      AsyncCallback<ByteString> received = createAsyncCallback(this::received);
      AsyncCallback<Signal> signalled = createAsyncCallback(this::signalled);
      connection.start(
          new HttpConnection.Reader() {
            @Override
            public void received(byte[] bytes) {
              received.invoke(ByteString.fromArrayUnsafe(bytes));
            }

            @Override
            public void inputEnded() {
              signalled.invoke(Signal.INPUT_ENDED);
            }

            @Override
            public void writable() {
              signalled.invoke(Signal.WRITABLE);
            }

            @Override
            public void aborted() {
              signalled.invoke(Signal.ABORTED);
            }
          });
      pull(in);
    }

    @Override
    public void postStop() {
      connection.close();
    }

    private void received(ByteString bytes) {
      if (isClosed(out)) {
        connection.delivered(bytes.size());
      } else if (isAvailable(out)) {
        deliver(bytes);
      } else {
        undelivered.add(bytes);
      }
    }

    private void deliver(ByteString bytes) {
      connection.delivered(bytes.size());
      push(out, new SessionBytes(NO_TLS, bytes));
    }

    private void signalled(Signal signal) {
      switch (signal) {
        case INPUT_ENDED -> {
          inputEnded = true;
          completeWhenAllIsDelivered();
        }
        case WRITABLE -> write();
        case ABORTED -> completeStage();
      }
    }

    private void completeWhenAllIsDelivered() {
      if (inputEnded && undelivered.isEmpty()) {
        complete(out);
      }
    }

    private void write() {
      try {
        if (!connection.write(unwritten)) {
          connection.awaitWritable();
        } else if (isClosed(in)) {
          completeStage();
        } else {
          pull(in);
        }
      } catch (IOException e) {
        // The viewer is gone; the loop finds out as well, but need not.
        completeStage();
      }
    }
  }
}
