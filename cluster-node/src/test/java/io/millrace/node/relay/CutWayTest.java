package io.millrace.node.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.MediaUnit;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.ingest.PublisherControl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A way that is cut at any byte, again and again: the owner gets each unit once, in order. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CutWayTest implements PublisherControl, IngestRelay.Events {
  private static final Logger LOG = LoggerFactory.getLogger(CutWayTest.class);
  private static final int UNITS = 3000;

  private final LocalOwners owners = new LocalOwners();
  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final BlockingQueue<OwnerLink> links = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final IngestRelay relay =
      new IngestRelay(
          RelayNodes.settings(64 << 20, 64 << 20), this, this, RelayNodes.inMemory(), "cam");

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void deliversEachUnitOnceWhereverTheWayIsCut() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (DataPort owner = DataPorts.open("owner", "secret", owners, 64);
        DataPort ingest = DataPorts.open("ingest", "secret", new LocalOwners(), 64);
        ServerSocket proxy = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> cutAgainAndAgain(proxy, owner.endpoint(), new Random(seed)));
      Endpoint through = new Endpoint("127.0.0.1", proxy.getLocalPort());
      for (int i = 0; i < UNITS; i++) {
        relay.offer(unit(i, random));
      }
      int ways = 0;
      long next = 0;
      while (next < UNITS) {
        ways++;
        connect(ingest, through, next);
        next = readUntilCut(next, "seed " + seed);
      }
      assertThat(ways).as("ways, seed %d", seed).isGreaterThan(5);
    }
  }

  private static MediaUnit unit(int i, Random random) {
    MediaUnit unit = Units.video(0, i * 10L, i % 50 == 0, 1 + random.nextInt(2000));
    unit.payload()[0] = (byte) i;
    return unit;
  }

  /** The owner grants the same lease again, as it does to a relay that has lost its way. */
  private void connect(DataPort ingest, Endpoint to, long firstSeq) {
    owners.expect(new LeaseKey("cam", 2, 5), links::add);
    IngestRelay.TransportListener listener = relay.newListener();
    RelayTransport transport =
        ingest.connector().connect("cam", DataPorts.lease(to, "owner", 2), listener).orElseThrow();
    relay.connected(transport, listener, 5, firstSeq);
  }

  private long readUntilCut(long from, String seed) throws InterruptedException {
    OwnerLink link = null;
    while (link == null && calls.isEmpty()) {
      link = links.poll(10, TimeUnit.MILLISECONDS);
    }
    long next = from;
    boolean open = link != null;
    while (open && next < UNITS) {
      Optional<RelayFrame> frame = link.poll();
      if (frame.isPresent() && frame.get() instanceof RelayFrame.Unit unit) {
        // A way that was lost before its greeting was answered may still reach the owner, which
        // reads it
        // first, and drops from the next one what it has.
        assertThat(unit.unit().seq()).as(seed).isBetween(from, next);
        if (unit.unit().seq() == next) {
          assertThat(unit.unit().payload()[0]).as(seed).isEqualTo((byte) next);
          next++;
        }
      } else {
        open = frame.isEmpty();
        assertThat(open || frame.get() instanceof RelayFrame.Broken).as(seed).isTrue();
        Thread.onSpinWait();
      }
    }
    if (next < UNITS) {
      assertThat(calls.poll(10, TimeUnit.SECONDS)).as(seed).isEqualTo("lost");
    }
    return next;
  }

  private void cutAgainAndAgain(ServerSocket proxy, Endpoint owner, Random random) {
    while (!proxy.isClosed()) {
      try (Socket ingest = proxy.accept();
          Socket port = new Socket(owner.host(), owner.port())) {
        threads.execute(() -> copy(port, ingest, Integer.MAX_VALUE));
        copy(ingest, port, random.nextInt(600_000));
        // A reset also takes from the owner what it has not read yet, a plain close does not.
        boolean reset = random.nextInt(4) == 0;
        port.setSoLinger(reset, 0);
        ingest.setSoLinger(reset, 0);
      } catch (IOException e) {
        if (!proxy.isClosed()) {
          calls.add(e.toString());
        }
      }
    }
  }

  private static void copy(Socket from, Socket to, int count) {
    byte[] buffer = new byte[4096];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int left = count; left > 0; ) {
        int read = in.read(buffer, 0, Math.min(left, buffer.length));
        if (read < 0) {
          return;
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    } catch (IOException e) {
      LOG.debug("cut: {}", e.toString());
    }
  }

  @Override
  public void close(CloseReason reason, String text) {
    calls.add("close");
  }

  @Override
  public void leave(String text) {
    calls.add("leave");
  }

  @Override
  public void resumeReading() {}

  @Override
  public void ownerConnected() {}

  @Override
  public void acknowledged() {}

  @Override
  public void ownerLost() {
    calls.add("lost");
  }

  @Override
  public void endedByOwner(CloseReason reason, String text) {
    calls.add("ended");
  }

  @Override
  public void endSent() {
    calls.add("end sent");
  }

  @Override
  public void finished() {
    calls.add("finished");
  }
}
