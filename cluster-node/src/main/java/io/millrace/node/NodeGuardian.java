package io.millrace.node;

import io.millrace.http.HttpServer;
import io.millrace.http.NodeInfo;
import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.cluster.ClusterSettings.Role;
import io.millrace.node.cluster.Formation;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.ingest.AuthMode;
import io.millrace.node.ingest.ClosedAuthorizer;
import io.millrace.node.ingest.OpenAuthorizer;
import io.millrace.node.ingest.PublishAuthorizer;
import io.millrace.node.ingest.RtmpListener;
import io.millrace.node.placement.DirectoryScribe;
import io.millrace.node.relay.RelayGateway;
import io.millrace.node.store.DataDirectory;
import io.millrace.node.store.NodeStores;
import io.millrace.node.stream.StreamSharding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Root of a node: opens the stores, binds the private listeners, starts sharding, joins the cluster
 * (in mode single one of its own), starts the keepers, the RTMP listener and HTTP, in this order,
 * and says when all are bound. Sharding comes first, since the coordinator counts on every member.
 * What the modes do differently is in {@link NodeMode}, how a node stops in {@link NodeShutdown}.
 */
final class NodeGuardian {

  /** What the root is told. */
  sealed interface Command {}

  private record StoresOpened(NodeStores stores, Throwable failure) implements Command {}

  private record Listening(NodeIdentity identity, Throwable failure) implements Command {}

  private record Up(SelfUp event) implements Command {}

  private record LoadsKnown() implements Command {}

  private record Refused(String why) implements Command {}

  private record RtmpEvent(RtmpListener.Event event) implements Command {}

  private record HttpBound(HttpServer server, Throwable failure) implements Command {}

  private static final Duration SCRIBE_INTERVAL = Duration.ofSeconds(5);
  private static final NodeAddresses.Endpoint NO_RTMP = new NodeAddresses.Endpoint("none", 0);

  private final ActorContext<Command> context;
  private final NodeSettings settings;
  private final NodeMode mode;
  private final CompletableFuture<NodeAddresses> ready;
  private final NodeShutdown shutdown;
  private final Formation formation = new Formation();
  private NodeParts parts;
  private NodeIdentity identity;
  private StreamSharding sharding;
  private Optional<ActorRef<RelayGateway.Command>> gateway = Optional.empty();
  private NodeAddresses.Endpoint rtmpAddress = NO_RTMP;

  private NodeGuardian(
      ActorContext<Command> context,
      NodeSettings settings,
      DataDirectory dataDirectory,
      CompletableFuture<NodeAddresses> ready) {
    this.context = context;
    this.settings = settings;
    this.mode = NodeMode.of(settings);
    this.ready = ready;
    this.shutdown = new NodeShutdown(context.getSystem(), dataDirectory);
  }

  /**
   * @param dataDirectory held by the caller's lock; closed when the node has stopped
   * @param ready completes with the bound addresses, or fails with what could not be bound
   */
  static Behavior<Command> create(
      NodeSettings settings, DataDirectory dataDirectory, CompletableFuture<NodeAddresses> ready) {
    return Behaviors.setup(
        context -> new NodeGuardian(context, settings, dataDirectory, ready).opening());
  }

  private Behavior<Command> opening() {
    context.pipeToSelf(mode.openStores(context.getSystem()), StoresOpened::new);
    return Behaviors.receive(Command.class)
        .onMessage(StoresOpened.class, this::onStoresOpened)
        .onMessage(Listening.class, this::onListening)
        .onMessage(Up.class, up -> onUp())
        .onMessage(LoadsKnown.class, known -> startPublic())
        .onMessage(Refused.class, refused -> fail(new IOException(refused.why())))
        .onMessage(RtmpEvent.class, this::onRtmpEvent)
        .onMessage(HttpBound.class, this::onHttpBound)
        .build();
  }

  private Behavior<Command> onStoresOpened(StoresOpened opened) {
    if (opened.failure() != null) {
      return fail("the store cannot be opened", opened.failure());
    }
    parts = new NodeParts(settings, opened.stores());
    shutdown.stops(parts);
    shutdown.explains(ready, mode.agreement());
    parts.health().notReady("start", "starting");
    context.pipeToSelf(mode.listen(context.getSystem(), parts), Listening::new);
    return Behaviors.same();
  }

  private Behavior<Command> onListening(Listening listening) {
    if (listening.failure() != null) {
      return fail("a private listener cannot be bound", listening.failure());
    }
    identity = listening.identity();
    ActorSystem<Void> system = context.getSystem();
    sharding =
        StreamSharding.init(
            system,
            parts.streamDependencies(system, identity, mode.view(system)),
            mode.placement(parts.loads()),
            parts.loads(),
            mode.slots());
    shutdown.stopsWaking(sharding);
    Cluster cluster = Cluster.get(system);
    cluster
        .subscriptions()
        .tell(Subscribe.create(context.messageAdapter(SelfUp.class, Up::new), SelfUp.class));
    mode.join(context, formation, why -> context.getSelf().tell(new Refused(why)));
    return Behaviors.same();
  }

  private Behavior<Command> onUp() {
    var known = new PlacementActors(context, settings, mode, parts).start(identity, sharding);
    context.pipeToSelf(known, (done, failure) -> new LoadsKnown());
    return Behaviors.same();
  }

  /** Whoever publishes from now on gets an owner on the right node. */
  private Behavior<Command> startPublic() {
    if (mode.has(Role.INGEST)) {
      startRtmp();
    } else {
      startHttp();
    }
    return Behaviors.same();
  }

  private void startRtmp() {
    ActorRef<RelayGateway.Command> publishers =
        context.spawn(
            RelayGateway.create(
                settings.relay(), sharding, parts.relayConnector(), parts.registry()),
            "publishers");
    ActorRef<RtmpListener.Command> rtmp =
        context.spawn(
            RtmpListener.create(
                new RtmpListener.Dependencies(
                    settings.rtmp(),
                    settings.demux(),
                    authorizer(),
                    new RelayGateway(publishers),
                    parts.registry()),
                context.messageAdapter(RtmpListener.Event.class, RtmpEvent::new)),
            "rtmp");
    shutdown.stopsRtmp(rtmp);
    gateway = Optional.of(publishers);
  }

  private PublishAuthorizer authorizer() {
    if (settings.auth() == AuthMode.OPEN) {
      return new OpenAuthorizer();
    }
    context
        .getLog()
        .warn("no publisher is let in: no stream key is known (millrace.auth = open lets all in)");
    return new ClosedAuthorizer();
  }

  private Behavior<Command> onRtmpEvent(RtmpEvent event) {
    if (event.event() instanceof RtmpListener.BindFailed failed) {
      return fail(new IOException(failed.reason()));
    }
    rtmpAddress = endpoint(((RtmpListener.Bound) event.event()).address());
    startHttp();
    return Behaviors.same();
  }

  private void startHttp() {
    parts.edge().answerOn(context.getExecutionContext());
    CompletableFuture<Integer> httpPort = new CompletableFuture<>();
    Instant startedAt = Instant.now();
    String version = version();
    var bound =
        HttpServer.start(
            context.getSystem(),
            settings.http(),
            parts.httpPorts(
                mode.serve(context, parts, sharding),
                () ->
                    new NodeInfo(
                        settings.nodeName(),
                        version,
                        mode.label(),
                        startedAt,
                        rtmpAddress.port(),
                        httpPort.getNow(settings.http().port())),
                new ClusterReport(context.getSystem(), settings, mode, parts.loads(), formation)),
            parts.registry());
    context.pipeToSelf(
        bound,
        (server, failure) -> {
          if (server != null) {
            httpPort.complete(server.address().getPort());
          }
          return new HttpBound(server, failure);
        });
  }

  private static String version() {
    String version = NodeGuardian.class.getPackage().getImplementationVersion();
    return version == null ? "(unpackaged)" : version;
  }

  private Behavior<Command> onHttpBound(HttpBound bound) {
    if (bound.failure() != null) {
      Throwable cause =
          bound.failure() instanceof CompletionException wrapped
              ? wrapped.getCause()
              : bound.failure();
      return fail(cause instanceof IOException known ? known : new IOException("http", cause));
    }
    shutdown.stopsHttp(bound.server());
    shutdown.drains(new Draining(context.getSystem(), drained(), gateway));
    context.spawn(
        DirectoryScribe.create(parts.stores().directory(), SCRIBE_INTERVAL, parts::descriptions),
        "directory-scribe");
    parts.health().ready("start");
    ready.complete(
        new NodeAddresses(
            settings.nodeName(),
            rtmpAddress,
            endpoint(bound.server().address()),
            bound.server().tlsAddress().map(NodeGuardian::endpoint)));
    return Behaviors.same();
  }

  private Draining.Node drained() {
    return new Draining.Node(
        settings.cluster().map(ClusterSettings::drainTimeout),
        () -> parts.loads().hasOtherOrigin(settings.nodeName()),
        parts.drain(),
        parts.health());
  }

  private static NodeAddresses.Endpoint endpoint(InetSocketAddress address) {
    return new NodeAddresses.Endpoint(address.getAddress().getHostAddress(), address.getPort());
  }

  private Behavior<Command> fail(String what, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return fail(new IOException(what + ": " + root.getMessage(), cause));
  }

  private Behavior<Command> fail(IOException error) {
    if (!ready.completeExceptionally(error)) {
      context.getLog().error("this node stops: {}", error.getMessage());
    }
    return Behaviors.stopped();
  }
}
