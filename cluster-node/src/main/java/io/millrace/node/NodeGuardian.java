package io.millrace.node;

import io.millrace.http.HttpServer;
import io.millrace.http.NodeInfo;
import io.millrace.node.ingest.OpenAuthorizer;
import io.millrace.node.ingest.RtmpListener;
import io.millrace.node.placement.LiveStreamsKeeper;
import io.millrace.node.placement.Slot;
import io.millrace.node.relay.RelayGateway;
import io.millrace.node.store.DataDirectory;
import io.millrace.node.stream.StreamSharding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.http.javadsl.ServerBinding;

/**
 * Root of a node: joins the cluster (in mode single one of its own), starts sharding, the RTMP
 * listener, HTTP and the keeper, in this order, and says when all are bound. How they stop is in
 * {@link NodeShutdown}.
 */
final class NodeGuardian {

  /** What the root is told. */
  sealed interface Command {}

  private record Up(SelfUp event) implements Command {}

  private record RtmpEvent(RtmpListener.Event event) implements Command {}

  private record HttpBound(ServerBinding binding, Throwable failure) implements Command {}

  private static final Duration KEEPER_INTERVAL = Duration.ofSeconds(5);

  private final ActorContext<Command> context;
  private final NodeSettings settings;
  private final NodeParts parts;
  private final CompletableFuture<NodeAddresses> ready;
  private final NodeShutdown shutdown;
  private StreamSharding sharding;
  private InetSocketAddress rtmpAddress;

  private NodeGuardian(
      ActorContext<Command> context,
      NodeSettings settings,
      NodeParts parts,
      CompletableFuture<NodeAddresses> ready) {
    this.context = context;
    this.settings = settings;
    this.parts = parts;
    this.ready = ready;
    this.shutdown = new NodeShutdown(context.getSystem(), parts);
  }

  /**
   * @param dataDirectory held by the caller's lock; closed when the node has stopped
   * @param ready completes with the bound addresses, or fails with what could not be bound
   */
  static Behavior<Command> create(
      NodeSettings settings, DataDirectory dataDirectory, CompletableFuture<NodeAddresses> ready) {
    return Behaviors.setup(
        context -> {
          try {
            NodeParts parts = NodeParts.create(context.getSystem(), settings, dataDirectory);
            NodeGuardian guardian = new NodeGuardian(context, settings, parts, ready);
            return guardian.joining();
          } catch (IOException e) {
            ready.completeExceptionally(e);
            return Behaviors.stopped();
          }
        });
  }

  private Behavior<Command> joining() {
    parts.health().notReady("start", "starting");
    Cluster cluster = Cluster.get(context.getSystem());
    cluster
        .subscriptions()
        .tell(Subscribe.create(context.messageAdapter(SelfUp.class, Up::new), SelfUp.class));
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    return Behaviors.receive(Command.class)
        .onMessage(Up.class, up -> onUp())
        .onMessage(RtmpEvent.class, this::onRtmpEvent)
        .onMessage(HttpBound.class, this::onHttpBound)
        .build();
  }

  private Behavior<Command> onUp() {
    sharding =
        StreamSharding.init(
            context.getSystem(), parts.streamDependencies(context.getSystem()), Slot.DEFAULT_COUNT);
    ActorRef<RelayGateway.Command> publishers =
        context.spawn(
            RelayGateway.create(settings.relay(), sharding, parts.owners(), parts.registry()),
            "publishers");
    ActorRef<RtmpListener.Command> rtmp =
        context.spawn(
            RtmpListener.create(
                new RtmpListener.Dependencies(
                    settings.rtmp(),
                    settings.demux(),
                    new OpenAuthorizer(),
                    new RelayGateway(publishers),
                    parts.registry()),
                context.messageAdapter(RtmpListener.Event.class, RtmpEvent::new)),
            "rtmp");
    shutdown.stopsRtmp(rtmp);
    return Behaviors.same();
  }

  private Behavior<Command> onRtmpEvent(RtmpEvent event) {
    if (event.event() instanceof RtmpListener.BindFailed failed) {
      return fail(new IOException(failed.reason()));
    }
    rtmpAddress = ((RtmpListener.Bound) event.event()).address();
    CompletableFuture<Integer> httpPort = new CompletableFuture<>();
    Instant startedAt = Instant.now();
    String version = version();
    var bound =
        HttpServer.start(
            context.getSystem(),
            settings.http(),
            parts.httpPorts(
                sharding,
                () ->
                    new NodeInfo(
                        settings.nodeName(),
                        version,
                        "single",
                        startedAt,
                        rtmpAddress.getPort(),
                        httpPort.getNow(settings.http().port()))),
            parts.registry());
    context.pipeToSelf(
        bound,
        (binding, failure) -> {
          if (binding != null) {
            httpPort.complete(binding.localAddress().getPort());
          }
          return new HttpBound(binding, failure);
        });
    return Behaviors.same();
  }

  private static String version() {
    String version = NodeGuardian.class.getPackage().getImplementationVersion();
    return version == null ? "(unpackaged)" : version;
  }

  private Behavior<Command> onHttpBound(HttpBound bound) {
    if (bound.failure() != null) {
      String address = settings.http().host() + ":" + settings.http().port();
      return fail(new IOException("http " + address + ": cannot be bound", bound.failure()));
    }
    shutdown.stopsHttp(bound.binding());
    ClusterSingleton.get(context.getSystem())
        .init(
            SingletonActor.of(
                LiveStreamsKeeper.create(parts.directory(), KEEPER_INTERVAL, sharding::wake),
                "live-streams-keeper"));
    parts.health().ready("start");
    InetSocketAddress http = bound.binding().localAddress();
    ready.complete(
        new NodeAddresses(
            settings.nodeName(),
            new NodeAddresses.Endpoint(hostOf(rtmpAddress), rtmpAddress.getPort()),
            new NodeAddresses.Endpoint(hostOf(http), http.getPort())));
    return Behaviors.same();
  }

  private static String hostOf(InetSocketAddress address) {
    return address.getAddress().getHostAddress();
  }

  private Behavior<Command> fail(IOException error) {
    ready.completeExceptionally(error);
    return Behaviors.stopped();
  }
}
