package io.millrace.testkit.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace per node, joined by a bridge to the test's own: 10.77.NET.1 and up, the test
 * at 10.77.NET.254. Nodes can be cut off from each other without either end being told: each one's
 * neighbour table gets a wrong hardware address for the other, so packets go nowhere. Needs Linux,
 * root and the {@code ip} program.
 */
public final class NetworkNamespaces implements ClusterPlaces {
  private static final AtomicInteger NEXT = new AtomicInteger();
  private static final String NOBODY = "02:00:00:00:00:fe";
  private static final int MAX_NODES = 200;

  private final String name;
  private final int net;
  private final int nodes;
  private boolean closed;

  private NetworkNamespaces(String name, int net, int nodes) {
    this.name = name;
    this.net = net;
    this.nodes = nodes;
  }

  /** This process may create namespaces and has the program for it. */
  public static boolean isPermitted() {
    if (!Files.isExecutable(Path.of("/usr/sbin/ip")) && !Files.isExecutable(Path.of("/sbin/ip"))) {
      return false;
    }
    String probe = "mr" + ProcessHandle.current().pid() + "p";
    try {
      ip("netns", "add", probe);
      ip("netns", "del", probe);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static NetworkNamespaces create(int nodes) throws IOException {
    if (nodes > MAX_NODES) {
      throw new IllegalArgumentException("nodes: " + nodes + " (expected: at most 200)");
    }
    long pid = ProcessHandle.current().pid();
    int number = NEXT.incrementAndGet();
    int net = (int) ((pid + number) % 250) + 1;
    NetworkNamespaces created =
        new NetworkNamespaces("mr" + pid % 10_000 + "x" + number, net, nodes);
    Runtime.getRuntime().addShutdownHook(new Thread(created::closeQuietly, "network-namespaces"));
    created.build();
    return created;
  }

  @Override
  public String host(int node) {
    return "10.77." + net + "." + node;
  }

  @Override
  public String testHost() {
    return host(254);
  }

  @Override
  public List<String> commandPrefix(int node) {
    return List.of("ip", "netns", "exec", space(node));
  }

  /** From now on nothing passes between the two nodes; the test still reaches both. */
  void cut(int one, int other) throws IOException {
    ip("-n", space(one), "neigh", "replace", host(other), "lladdr", NOBODY, "dev", "eth0");
    ip("-n", space(other), "neigh", "replace", host(one), "lladdr", NOBODY, "dev", "eth0");
    ip("-n", space(one), "neigh", "change", host(other), "nud", "permanent", "dev", "eth0");
    ip("-n", space(other), "neigh", "change", host(one), "nud", "permanent", "dev", "eth0");
  }

  /** Undoes {@link #cut}. */
  void heal(int one, int other) throws IOException {
    ip("-n", space(one), "neigh", "del", host(other), "dev", "eth0");
    ip("-n", space(other), "neigh", "del", host(one), "dev", "eth0");
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    for (int node = 1; node <= nodes; node++) {
      ip("netns", "del", space(node));
    }
    ip("link", "del", name);
  }

  private void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      System.err.println("network namespaces: " + e.getMessage());
    }
  }

  private void build() throws IOException {
    ip("link", "add", name, "type", "bridge");
    ip("addr", "add", testHost() + "/24", "dev", name);
    ip("link", "set", name, "up");
    for (int node = 1; node <= nodes; node++) {
      addNode(node);
    }
  }

  private void addNode(int node) throws IOException {
    String outside = name + "v" + node;
    ip("netns", "add", space(node));
    ip("link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", space(node));
    ip("link", "set", outside, "master", name, "up");
    ip("-n", space(node), "addr", "add", host(node) + "/24", "dev", "eth0");
    ip("-n", space(node), "link", "set", "eth0", "up");
    ip("-n", space(node), "link", "set", "lo", "up");
  }

  private String space(int node) {
    return name + "n" + node;
  }

  private static void ip(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
