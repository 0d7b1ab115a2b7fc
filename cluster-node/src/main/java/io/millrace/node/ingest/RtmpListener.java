package io.millrace.node.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.media.demux.DemuxSettings;
import io.millrace.media.net.SocketAcceptor;
import io.millrace.media.net.SocketLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Owns the RTMP port and the threads on which its connections live. Binds when it starts and tells
 * the outcome; a failed bind stops it. Stopping closes every connection.
 */
public final class RtmpListener extends AbstractBehavior<RtmpListener.Command> {
  private static final int MAX_FAILED_ADDRESSES = 10_000;

  /** What the listener is told. */
  public sealed interface Command {}

  /** Closes the port; connections go on. */
  public record StopAccepting(ActorRef<Done> replyTo) implements Command {}

  /** The outcome of the bind. */
  public sealed interface Event {}

  /** The port is open. */
  public record Bound(InetSocketAddress address) implements Event {}

  /** The port could not be opened; the listener stops. */
  public record BindFailed(String reason) implements Event {}

  /** Everything that connections need. */
  public record Dependencies(
      RtmpSettings settings,
      DemuxSettings demux,
      PublishAuthorizer authorizer,
      PublishGateway gateway,
      MeterRegistry meters) {}

  /**
   * @param replyTo gets one {@link Bound} or {@link BindFailed}
   */
  public static Behavior<Command> create(Dependencies dependencies, ActorRef<Event> replyTo) {
    return Behaviors.setup(
        context -> {
          RtmpSettings settings = dependencies.settings();
          try {
            RtmpListener listener = new RtmpListener(context, dependencies);
            replyTo.tell(new Bound((InetSocketAddress) listener.server.getLocalAddress()));
            return listener;
          } catch (IOException e) {
            replyTo.tell(
                new BindFailed(
                    "rtmp " + settings.bind() + ":" + settings.port() + ": " + e.getMessage()));
            return Behaviors.stopped();
          }
        });
  }

  private final ServerSocketChannel server;
  private final SocketAcceptor acceptor;
  private final SocketLoops loops;

  private RtmpListener(ActorContext<Command> context, Dependencies dependencies)
      throws IOException {
    super(context);
    RtmpSettings settings = dependencies.settings();
    server = SocketAcceptor.bind(settings.bind(), settings.port());
    AddressCaps caps =
        new AddressCaps(settings.maxConnections(), settings.maxConnectionsPerAddress());
    IngestMetrics metrics = new IngestMetrics(dependencies.meters(), caps::total);
    loops = new SocketLoops("millrace-ingest");
    IngestContext shared =
        new IngestContext(
            settings,
            dependencies.demux(),
            dependencies.authorizer(),
            dependencies.gateway(),
            caps,
            new FailedAttempts(
                RtmpSettings.MAX_FAILED_ATTEMPTS,
                RtmpSettings.FAILED_ATTEMPTS_WINDOW,
                MAX_FAILED_ADDRESSES),
            metrics,
            loops);
    acceptor = new SocketAcceptor("RTMP port", server, loops, new RtmpDoor(shared));
    loops.start();
    acceptor.open();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(StopAccepting.class, this::onStopAccepting)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Command> onStopAccepting(StopAccepting message) {
    acceptor.close(() -> message.replyTo().tell(Done.getInstance()));
    return this;
  }

  private Behavior<Command> onPostStop() {
    loops.stop();
    return this;
  }
}
