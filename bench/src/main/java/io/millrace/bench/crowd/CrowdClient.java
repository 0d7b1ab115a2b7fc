package io.millrace.bench.crowd;

import io.millrace.bench.Proc;
import io.millrace.bench.load.ClientLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The process of a crowd; prints what its viewers saw, and what it cost both sides. Then it holds
 * their connections until it gets a line.
 */
public final class CrowdClient {
  /** Printed when all is measured. */
  public static final String HOLDS = "connections are held";

  private static final int SOURCES = 50;

  private static final int WARM_UP_VIEWERS = 500;

  /** The longer a part, the fewer requests of a viewer: so many of those to come warm up. */
  private static final int LOW_LATENCY_WARM_UP_SHARE = 2;

  private static final Duration WARM_UP_ARRIVAL = Duration.ofSeconds(5);
  private static final Duration WARM_UP_STAY = Duration.ofSeconds(30);

  /** How long the server is kept busy before anything is counted. */
  public static final Duration WARM_UP = WARM_UP_ARRIVAL.plus(WARM_UP_STAY);

  private CrowdClient() {}

  /** The code of a server that has run for a while is compiled. */
  private static void warmUp(Crowd crowd, int viewers) throws IOException {
    crowd.play(viewers, WARM_UP_ARRIVAL, WARM_UP_STAY);
    crowd.disband();
    System.out.printf(
        "  after a warm-up with %d requests over %d connections%n",
        crowd.figures().requests, crowd.figures().connections);
  }

  /**
   * Arguments: host, port, stream, viewers, seconds in which they come, seconds that each stays,
   * {@code plain} or {@code low-latency}, process id of the server, whether it stays cold.
   */
  public static void main(String[] args) throws IOException {
    InetSocketAddress server = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    int viewers = Integer.parseInt(args[3]);
    Duration arrival = Duration.ofSeconds(Long.parseLong(args[4]));
    Duration stay = Duration.ofSeconds(Long.parseLong(args[5]));
    List<Long> serverPid = List.of(Long.valueOf(args[7]));
    List<Long> me = List.of(ProcessHandle.current().pid());
    boolean lowLatency = args[6].equals("low-latency");
    try (ClientLoop loop = new ClientLoop()) {
      if (!Boolean.parseBoolean(args[8])) {
        warmUp(
            new Crowd(loop, server, args[2], lowLatency, SOURCES, true),
            lowLatency ? viewers / LOW_LATENCY_WARM_UP_SHARE : WARM_UP_VIEWERS);
      }
      Crowd crowd = new Crowd(loop, server, args[2], lowLatency, SOURCES, false);
      double serverBefore = Proc.cpuSeconds(serverPid);
      double clientBefore = Proc.cpuSeconds(me);
      crowd.play(viewers, arrival, stay);
      double serverCpu = Proc.cpuSeconds(serverPid) - serverBefore;
      double clientCpu = Proc.cpuSeconds(me) - clientBefore;
      double seconds = arrival.plus(stay).toSeconds();
      crowd.figures().lines(viewers, seconds).forEach(System.out::println);
      System.out.printf(
          Locale.ROOT,
          "  cores: server %.2f, client %.2f; %.0f requests per CPU-second of the server%n",
          serverCpu / seconds,
          clientCpu / seconds,
          crowd.figures().requests / serverCpu);
      System.out.println(HOLDS);
      if (System.in.read() != '\n') {
        throw new IOException("nobody waits for the end of this");
      }
    }
  }
}
