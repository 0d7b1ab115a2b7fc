package io.millrace.node.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.media.codec.CodecLimits;
import io.millrace.media.demux.DemuxSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** A listener on a free port of loopback with a fake gateway behind it. */
final class ListenerFixture implements AutoCloseable {
  private static final ActorTestKit KIT = ActorTestKit.create("ingest");
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  final FakeGateway gateway = new FakeGateway();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final ActorRef<RtmpListener.Command> listener;
  final int port;

  ListenerFixture(RtmpSettings settings) {
    this(settings, new OpenAuthorizer());
  }

  ListenerFixture(RtmpSettings settings, PublishAuthorizer authorizer) {
    TestProbe<RtmpListener.Event> probe = KIT.createTestProbe();
    listener =
        KIT.spawn(
            RtmpListener.create(
                new RtmpListener.Dependencies(
                    settings,
                    new DemuxSettings(CodecLimits.standard(), 20),
                    authorizer,
                    gateway,
                    meters),
                probe.ref()));
    port = probe.expectMessageClass(RtmpListener.Bound.class).address().getPort();
  }

  /** Production values but for a free port and no delay. */
  static RtmpSettings settings() {
    return new RtmpSettings(
        "127.0.0.1",
        0,
        100,
        100,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        100_000_000,
        5000,
        Duration.ZERO);
  }

  Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) DEADLINE.toMillis());
    return socket;
  }

  double closed(CloseCause cause) {
    return meters.get("millrace.rtmp.closed").tag("reason", cause.label()).counter().count();
  }

  void awaitClosed(CloseCause cause, int count) {
    await(() -> closed(cause) >= count, "closed for " + cause.label());
  }

  FakeGateway.Publish awaitPublish() {
    await(() -> !gateway.publishes.isEmpty(), "a publish");
    return gateway.publishes.get(gateway.publishes.size() - 1);
  }

  static void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline for " + what).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() {
    KIT.stop(listener);
  }
}
