package io.millrace.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Await;
import io.millrace.testkit.process.NodeOptions;
import io.millrace.testkit.process.NodeProcess;
import io.millrace.testkit.process.Signal;
import io.millrace.testkit.redis.RedisOptions;
import io.millrace.testkit.redis.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Several {@code millrace serve} processes that form one cluster, and the redis-server they share.
 * Nodes are numbered from 1 and named {@code node-N}; node 1 is started first, so the coordinator
 * is there. Used by one thread.
 */
public final class ClusterFixture implements AutoCloseable {
  private static final String SECRET = "the cluster under test";

  /** Starting a node blocks; one thread for each. */
  private static final Executor THREADS =
      task -> {
        Thread thread = new Thread(task, "node-start");
        thread.setDaemon(true);
        thread.start();
      };

  private final ClusterOptions options;
  private final ClusterPlaces places;
  private final RedisServer redis;
  private final ClusterPorts ports;
  private final TreeMap<Integer, NodeProcess> nodes = new TreeMap<>();
  private final Set<Integer> paused = new HashSet<>();

  private ClusterFixture(
      ClusterOptions options, ClusterPlaces places, RedisServer redis, ClusterPorts ports) {
    this.options = options;
    this.places = places;
    this.redis = redis;
    this.ports = ports;
  }

  /** On loopback addresses; returns when every node sees all others up. */
  public static ClusterFixture start(ClusterOptions options) throws IOException {
    return start(options, ClusterPlaces.loopback());
  }

  /** In network namespaces of their own, so that {@link #cut} works. */
  public static ClusterFixture startInNamespaces(ClusterOptions options) throws IOException {
    return start(options, NetworkNamespaces.create(options.nodes()));
  }

  private static ClusterFixture start(ClusterOptions options, ClusterPlaces places)
      throws IOException {
    RedisServer redis =
        RedisServer.start(
            RedisOptions.in(options.directory().resolve("redis"))
                .with("bind", "0.0.0.0")
                .with("protected-mode", "no"));
    ClusterFixture cluster =
        new ClusterFixture(options, places, redis, ClusterPorts.free(places.testHost()));
    try {
      cluster.startTogether(
          IntStream.rangeClosed(1, options.nodes()).boxed().toList(), cluster::nodeOptions);
      cluster.awaitMembers(options.nodes(), options.joinDeadline());
      return cluster;
    } catch (AssertionError | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  public int size() {
    return options.nodes();
  }

  /** The process that was started last under this number. */
  public NodeProcess node(int number) {
    NodeProcess node = nodes.get(number);
    if (node == null) {
      throw new IllegalArgumentException("node " + number + " (expected: 1 to " + size() + ")");
    }
    return node;
  }

  /** Numbers of the nodes whose processes run and are not paused, ascending. */
  public List<Integer> living() {
    return nodes.keySet().stream()
        .filter(number -> node(number).isAlive() && !paused.contains(number))
        .toList();
  }

  /** The living nodes except some. */
  public List<Integer> livingWithout(Integer... numbers) {
    List<Integer> without = List.of(numbers);
    return living().stream().filter(number -> !without.contains(number)).toList();
  }

  /** {@code kill -9}. */
  public void kill(int number) {
    node(number).kill();
    paused.remove(number);
  }

  /** SIGSTOP: the process hangs with all its connections open. */
  public void pause(int number) {
    node(number).signal(Signal.STOP);
    paused.add(number);
  }

  /** SIGCONT. */
  public void resume(int number) {
    node(number).signal(Signal.CONT);
    paused.remove(number);
  }

  /** What all ingests accepted; see {@code millrace.relay.test-accept-log}. */
  public Path acceptLog() {
    return options.directory().resolve("accepted.log");
  }

  public RedisServer redis() {
    return redis;
  }

  /** Where to publish on this node. */
  public String rtmpUrl(int node, String stream) {
    return node(node).ready().rtmpUrl(stream);
  }

  /** Starts a node again on the same ports after it has ended, and waits until all see it. */
  public void startAgain(int number) throws IOException {
    nodes.put(number, NodeProcess.start(optionsOfNextStart(number)));
    awaitMembers(living().size(), options.joinDeadline());
  }

  /**
   * How a node would be started: one of the cluster, or one more that wants to join. For tests of
   * what keeps it out.
   */
  public NodeOptions options(int number) {
    return nodeOptions(number);
  }

  /** Makes everything run again that a test has killed or paused. */
  public void restore() throws IOException {
    if (redis.isAlive()) {
      redis.resume();
    } else {
      redis.restart();
    }
    for (int number : List.copyOf(paused)) {
      resume(number);
    }
    List<Integer> dead = nodes.keySet().stream().filter(number -> !node(number).isAlive()).toList();
    startTogether(dead, this::optionsOfNextStart);
    awaitMembers(size(), options.joinDeadline());
  }

  /** Number of the node that owns the stream, as any other node's API says; empty for none. */
  public Optional<Integer> ownerOf(String stream) throws IOException, InterruptedException {
    for (int number : living()) {
      JsonNode info = node(number).json("/api/v1/streams/" + stream);
      Optional<Integer> owner = number(info.path("owner").asText());
      if (owner.isPresent()) {
        return owner;
      }
    }
    return Optional.empty();
  }

  /** Waits until the stream has an owner that runs. */
  public int awaitOwner(String stream, Duration deadline) {
    return Await.value(
        "stream " + stream + " has a living owner",
        deadline,
        () -> ownerOf(stream).filter(number -> living().contains(number)));
  }

  /** Waits until every living node says that so many members are up and none is unreachable. */
  public void awaitMembers(int count, Duration deadline) {
    for (int number : living()) {
      Await.until(
          "node " + number + " sees " + count + " members up",
          deadline,
          () -> membersUp(node(number)) == count);
    }
  }

  /** Waits until the stream is in this state on every living node. */
  public void awaitState(String stream, String state, Duration deadline) {
    living().forEach(number -> node(number).awaitStreamState(stream, state, deadline));
  }

  /** Number of the node where shards are placed, which is the oldest one. */
  public int coordinator() throws IOException, InterruptedException {
    JsonNode cluster = node(living().get(0)).json("/api/v1/cluster");
    String coordinator = cluster.path("coordinator").asText();
    return living().stream()
        .filter(number -> isNode(coordinator, number))
        .findFirst()
        .orElseThrow(() -> new IOException("no coordinator: " + cluster));
  }

  /** Stops all traffic between the nodes of one side and those of the other. */
  public void cut(List<Integer> side, List<Integer> other) throws IOException {
    for (int one : side) {
      for (int two : other) {
        namespaces().cut(one, two);
      }
    }
  }

  /** Undoes {@link #cut}. */
  public void heal(List<Integer> side, List<Integer> other) throws IOException {
    for (int one : side) {
      for (int two : other) {
        namespaces().heal(one, two);
      }
    }
  }

  /** Kills what still runs. */
  @Override
  public void close() throws IOException {
    nodes.values().forEach(NodeProcess::close);
    redis.close();
    places.close();
  }

  private NetworkNamespaces namespaces() {
    if (places instanceof NetworkNamespaces spaces) {
      return spaces;
    }
    throw new IllegalStateException("this cluster is not in network namespaces");
  }

  /** All at the same time: a node is ready only when it has joined. */
  private void startTogether(List<Integer> numbers, IntFunction<NodeOptions> optionsOf) {
    TreeMap<Integer, CompletableFuture<NodeProcess>> started = new TreeMap<>();
    for (int number : numbers) {
      NodeOptions node = optionsOf.apply(number);
      started.put(number, CompletableFuture.supplyAsync(() -> NodeProcess.start(node), THREADS));
    }
    started.forEach((number, node) -> nodes.put(number, node.join()));
  }

  /** On the ports that it had before it ended. */
  private NodeOptions optionsOfNextStart(int number) {
    return nodeOptions(number).onPortsOf(node(number).ready());
  }

  private NodeOptions nodeOptions(int number) {
    String name = "node-" + number;
    String host = places.host(number);
    NodeOptions node =
        NodeOptions.single(name, options.directory().resolve(name))
            .withCommandPrefix(places.commandPrefix(number))
            .withEnvironment("MILLRACE_MODE", "cluster")
            .withEnvironment("MILLRACE_NODE_NAME", name)
            .withEnvironment("MILLRACE_BIND", host)
            .withEnvironment("MILLRACE_PRIVATE_BIND", host)
            .withEnvironment("MILLRACE_ARTERY_PORT", Integer.toString(ports.artery()))
            .withEnvironment("MILLRACE_DATA_PORT", Integer.toString(ports.data()))
            .withEnvironment("MILLRACE_INTERNAL_HTTP_PORT", Integer.toString(ports.internalHttp()))
            .withEnvironment("MILLRACE_SEED_NODES", seedNodes())
            .withEnvironment("MILLRACE_REDIS_URI", redisUri())
            .withEnvironment("MILLRACE_SECRET", SECRET)
            .withSetting("millrace.relay.test-accept-log", acceptLog())
            .withJvmArgument("-Xmx" + options.heap());
    for (String argument : options.jvmArguments()) {
      node = node.withJvmArgument(argument);
    }
    if (options.roles().containsKey(number)) {
      node = node.withEnvironment("MILLRACE_ROLES", options.roles().get(number));
    }
    for (var setting : options.settings().entrySet()) {
      node = node.withSetting(setting.getKey(), setting.getValue());
    }
    return node;
  }

  private String seedNodes() {
    List<String> seeds = new ArrayList<>();
    for (int number = 1; number <= Math.min(3, size()); number++) {
      seeds.add(places.host(number) + ":" + ports.artery());
    }
    return String.join(",", seeds);
  }

  private String redisUri() {
    return "redis://" + places.testHost() + ":" + redis.port();
  }

  /** A node is named by its name or its address. */
  private boolean isNode(String nameOrAddress, int number) {
    return nameOrAddress.equals("node-" + number)
        || nameOrAddress.contains("@" + places.host(number) + ":");
  }

  private static long membersUp(NodeProcess node) throws IOException, InterruptedException {
    JsonNode cluster = node.json("/api/v1/cluster");
    long up = 0;
    for (JsonNode member : cluster.path("members")) {
      boolean isUp = member.path("status").asText().equalsIgnoreCase("up");
      up += isUp && member.path("reachable").asBoolean() ? 1 : 0;
    }
    return up;
  }

  private static Optional<Integer> number(String nodeName) {
    return nodeName.startsWith("node-")
        ? Optional.of(Integer.valueOf(nodeName.substring("node-".length())))
        : Optional.empty();
  }
}
