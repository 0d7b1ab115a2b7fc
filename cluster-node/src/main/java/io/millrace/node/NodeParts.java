package io.millrace.node;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.http.ClusterPort;
import io.millrace.http.HttpPorts;
import io.millrace.http.NodePort;
import io.millrace.http.StreamInfo;
import io.millrace.http.StreamsPort;
import io.millrace.http.ViewerTracker;
import io.millrace.media.worker.KeyPictures;
import io.millrace.media.worker.WorkerPool;
import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.cluster.ClusterView;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.cluster.PauseGuard;
import io.millrace.node.edge.NodeHealth;
import io.millrace.node.edge.OwnedStreams;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.edge.StreamStatuses;
import io.millrace.node.placement.NodeDrain;
import io.millrace.node.placement.NodeLoads;
import io.millrace.node.placement.StreamDescription;
import io.millrace.node.relay.DataPort;
import io.millrace.node.relay.LocalOwners;
import io.millrace.node.relay.RelayConnector;
import io.millrace.node.store.NodeStores;
import io.millrace.node.stream.OwnerGuards;
import io.millrace.node.stream.StreamActor;
import io.millrace.node.stream.StreamRunners;
import io.millrace.node.stream.TranscodeCapacity;
import io.millrace.node.stream.WaitingBytes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import scala.concurrent.ExecutionContextExecutor;

/**
 * The parts of a running node that are not actors, wired together. Made once, closed when the node
 * has stopped.
 */
final class NodeParts {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
  private final LocalOwners owners = new LocalOwners();
  private Optional<DataPort> dataPort = Optional.empty();
  private final StreamStatuses statuses = new StreamStatuses();
  private final ViewerTracker viewers;
  private final NodeSettings settings;
  private final NodeStores stores;
  private final StreamEdge edge;
  private final NodeHealth health;
  private final WorkerPool workers;
  private final TranscodeCapacity capacity;

  /** A quarter of the heap: segments in memory for viewers have room of their own. */
  private final WaitingBytes waiting = new WaitingBytes(Runtime.getRuntime().maxMemory() / 4);

  private final PauseGuard pauseGuard = PauseGuard.start();

  private final NodeLoads loads = new NodeLoads();
  private final NodeDrain drain = new NodeDrain();

  NodeParts(NodeSettings settings, NodeStores stores) {
    this.settings = settings;
    this.stores = stores;
    this.edge = new StreamEdge(settings.edge(), stores.directory(), stores.segments());
    this.viewers =
        settings
            .cluster()
            .map(cluster -> ViewerTracker.ofCluster(cluster.secret()))
            .orElseGet(ViewerTracker::new);
    this.edge.countViewersBy(viewers);
    this.edge.refuseWhile(pauseGuard::paused);
    stores.losses().accept(edge::storeAgain);
    this.health = new NodeHealth(settings.nodeName());
    this.workers = new WorkerPool(settings.worker());
    this.capacity = new TranscodeCapacity(settings.stream().transcodeCores());
    bindMeters();
  }

  private static ExecutionContextExecutor dispatcher(ActorSystem<?> system, String path) {
    return system.dispatchers().lookup(DispatcherSelector.fromConfig(path));
  }

  private void bindMeters() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    gcMetrics.bindTo(registry);
    stores.meters().bindTo(registry);
    for (String state : List.of("live", "reconnecting", "ended")) {
      Gauge.builder("millrace.streams", statuses, s -> s.count(state))
          .description("Streams that this node owns, ended ones until their retention is over")
          .tag("state", state)
          .register(registry);
    }
    Gauge.builder("millrace.edge.object.bytes", edge, StreamEdge::objectBytes)
        .description("Segments in memory")
        .register(registry);
    Gauge.builder("millrace.store.waiting.bytes", waiting, WaitingBytes::bytes)
        .description("Segments in memory that the store has not taken yet")
        .register(registry);
    edge.bindTo(registry);
    Gauge.builder("millrace.edge.followed.streams", edge, StreamEdge::followedStreams)
        .description("Streams of other nodes that viewers watch here")
        .register(registry);
    Gauge.builder("millrace.transcode.free.cores", capacity, TranscodeCapacity::free)
        .description("Transcode cores that new streams may take")
        .register(registry);
  }

  StreamActor.Dependencies streamDependencies(
      ActorSystem<?> system, NodeIdentity self, ClusterView view) {
    return new StreamActor.Dependencies(
        settings.stream(),
        new StreamRunners(
            settings.stream(),
            dispatcher(system, "millrace-runtime.media-dispatcher"),
            system.scheduler(),
            owners,
            capacity,
            statuses,
            new KeyPictures(workers, System::nanoTime)),
        workers::start,
        stores.segments(),
        stores.directory(),
        edge,
        statuses,
        capacity,
        waiting,
        registry,
        self,
        OwnerGuards.of(view, pauseGuard, registry),
        stores.statePluginId(),
        System::currentTimeMillis);
  }

  HttpPorts httpPorts(StreamsPort streams, NodePort node, ClusterPort cluster) {
    return new HttpPorts(edge, streams, health, node, cluster, viewers);
  }

  OwnedStreams ownedStreams() {
    return new OwnedStreams(statuses, edge::viewers);
  }

  StreamEdge edge() {
    return edge;
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  /**
   * Takes media from other nodes from now on.
   *
   * @return where they reach it
   * @throws IOException if the port cannot be bound
   */
  Endpoint openDataPort(ClusterSettings cluster) throws IOException {
    DataPort opened =
        DataPort.open(settings.nodeName(), cluster, owners, registry, pauseGuard::paused);
    dataPort = Optional.of(opened);
    return opened.endpoint();
  }

  /** After the data port is open, if this node has one. */
  RelayConnector relayConnector() {
    return dataPort.map(DataPort::connector).orElseGet(() -> RelayConnector.local(owners));
  }

  NodeStores stores() {
    return stores;
  }

  /** What people want to read of the streams that this node owns. */
  List<StreamDescription> descriptions() {
    return statuses.all().stream()
        .map(
            info ->
                new StreamDescription(
                    info.id(),
                    info.epoch(),
                    edge.viewers(info.id()),
                    info.renditions().stream().map(StreamInfo.RenditionInfo::name).toList()))
        .toList();
  }

  NodeLoads loads() {
    return loads;
  }

  NodeDrain drain() {
    return drain;
  }

  NodeLoads.Own ownLoad() {
    boolean ladder = !settings.stream().pipeline().ladder().rungs().isEmpty();
    return new NodeLoads.Own(
        settings.stream().transcodeCores(),
        capacity::free,
        ladder,
        () -> (int) (statuses.count("live") + statuses.count("reconnecting")),
        () -> (int) gauge("millrace.rtmp.publishers"),
        viewers::total,
        drain);
  }

  private double gauge(String name) {
    Gauge gauge = registry.find(name).gauge();
    return gauge == null ? 0 : gauge.value();
  }

  NodeHealth health() {
    return health;
  }

  void closeWorkers() {
    workers.close();
  }

  /** After everything else has stopped. */
  CompletionStage<Void> close() {
    dataPort.ifPresent(DataPort::close);
    gcMetrics.close();
    pauseGuard.close();
    return stores.closing().get();
  }
}
