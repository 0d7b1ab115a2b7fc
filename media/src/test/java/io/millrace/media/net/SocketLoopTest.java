package io.millrace.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocketLoopTest {
  private SocketLoop loop;
  private Pipe pipe;
  private Reader reader;

  @BeforeEach
  void startLoop() throws Exception {
    loop = new SocketLoop("socket-loop-test");
    pipe = Pipe.open();
    reader = new Reader(loop, pipe.source());
    loop.start();
    CompletableFuture<Void> registered = new CompletableFuture<>();
    loop.execute(
        () -> {
          reader.register();
          registered.complete(null);
        });
    registered.get(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void stopLoop() throws IOException {
    loop.stop();
    pipe.sink().close();
  }

  @Test
  void runsATaskAfterWhatHadComeBeforeWasRead() throws Exception {
    for (int sent = 1; sent <= 50; sent++) {
      pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
      CompletableFuture<Integer> readByThen = new CompletableFuture<>();
      loop.executeCaughtUp(() -> readByThen.complete(reader.bytes));

      assertThat(readByThen.get(5, TimeUnit.SECONDS)).isEqualTo(sent);
    }
  }

  @Test
  void runsATaskWhenNothingComes() throws Exception {
    CompletableFuture<Integer> readByThen = new CompletableFuture<>();
    loop.executeCaughtUp(() -> readByThen.complete(reader.bytes));

    assertThat(readByThen.get(5, TimeUnit.SECONDS)).isZero();
  }

  /** Confined to the loop. */
  private static final class Reader implements SocketLoop.Ready {
    private final SocketLoop loop;
    private final Pipe.SourceChannel channel;
    private int bytes;

    Reader(SocketLoop loop, Pipe.SourceChannel channel) {
      this.loop = loop;
      this.channel = channel;
    }

    void register() {
      try {
        var unused = loop.register(channel, SelectionKey.OP_READ, this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
      bytes += Math.max(0, channel.read(loop.readBuffer()));
    }

    @Override
    public void failed(Exception cause) {
      stopped();
    }

    @Override
    public void stopped() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
