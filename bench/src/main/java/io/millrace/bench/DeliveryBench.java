package io.millrace.bench;

import io.millrace.bench.DeliverySource.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What it costs a server to hand out playlists, small objects, parts and segments over plain
 * HTTP/1.1 with keep-alive: a live Millrace node, Pekko HTTP alone with the same bytes, and nginx
 * with the same bytes in files. One server is under load at a time; the client is a process of its
 * own, and its CPU is not counted. The node's figures include the stream that it takes in (0.01
 * core).
 */
public final class DeliveryBench {
  private static final int FIRST_WARM_UP_SECONDS = 12;
  private static final int WARM_UP_SECONDS = 2;
  private static final int MEASURED_SECONDS = 6;

  private enum Contestant {
    NGINX,
    PEKKO,
    MILLRACE
  }

  @FunctionalInterface
  private interface Address {
    URI of(Kind kind) throws IOException, InterruptedException;
  }

  private record Server(Address address, List<Long> processes) {}

  private final Map<Contestant, Server> servers = new EnumMap<>(Contestant.class);
  private final Map<Kind, Map<Contestant, List<DeliveryCost>>> costs = new EnumMap<>(Kind.class);

  private final List<Kind> kinds;

  private DeliveryBench(List<Kind> kinds) {
    this.kinds = kinds;
  }

  /** Arguments: number of rounds, default 3; kinds of what is fetched, default all. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    List<Kind> kinds =
        args.length > 1
            ? Arrays.stream(args).skip(1).map(Kind::of).toList()
            : List.of(Kind.values());
    Path directory = Scratch.create("delivery");
    Path files = Files.createDirectories(directory.resolve("files"));
    try (DeliverySource millrace = DeliverySource.start(directory)) {
      millrace.copyTo(files);
      try (StaticNginx nginx = StaticNginx.start(files, directory);
          BarePekko pekko = BarePekko.start(files)) {
        DeliveryBench bench = new DeliveryBench(kinds);
        bench.servers.put(
            Contestant.NGINX, new Server(kind -> nginx.url(kind.file), nginx.processes()));
        bench.servers.put(
            Contestant.PEKKO, new Server(kind -> pekko.url(kind.file), pekko.processes()));
        bench.servers.put(Contestant.MILLRACE, new Server(millrace::url, millrace.processes()));
        bench.run(rounds);
        bench.report(files);
      }
    } finally {
      Scratch.delete(directory);
    }
  }

  private void run(int rounds) throws IOException, InterruptedException {
    for (int round = 1; round <= rounds; round++) {
      for (Kind kind : kinds) {
        for (Contestant contestant : Contestant.values()) {
          // A part is gone before a long warm-up is over; by then the code is warm.
          boolean cold = round == 1 && contestant != Contestant.NGINX && kind != Kind.PART;
          measure(kind, contestant, cold ? FIRST_WARM_UP_SECONDS : WARM_UP_SECONDS);
        }
      }
    }
  }

  private void measure(Kind kind, Contestant contestant, int warmUpSeconds)
      throws IOException, InterruptedException {
    Server server = servers.get(contestant);
    DeliveryCost cost =
        DeliveryCost.measure(
            server.address().of(kind),
            kind.connections,
            warmUpSeconds,
            MEASURED_SECONDS,
            server.processes());
    costs
        .computeIfAbsent(kind, k -> new EnumMap<>(Contestant.class))
        .computeIfAbsent(contestant, c -> new ArrayList<>())
        .add(cost);
    System.out.printf(
        Locale.ROOT,
        "%-8s %-8s %8.0f requests/s %7.0f Mbit/s; CPU-s server %5.2f, client %5.2f; errors %d%n",
        kind,
        contestant,
        cost.requests() / cost.seconds(),
        cost.megabitsPerSecond(),
        cost.serverCpu(),
        cost.clientCpu(),
        cost.errors());
  }

  private void report(Path files) throws IOException {
    System.out.printf("%nOf the server alone; median (lowest..highest)%n");
    for (Kind kind : kinds) {
      System.out.printf("%s, %d bytes%n", kind, Files.size(files.resolve(kind.file)));
      for (Contestant contestant : Contestant.values()) {
        System.out.printf(
            "  %-8s %-28s requests per CPU-second  %s CPU-seconds per GB%n",
            contestant,
            requests(kind, contestant).text("%.0f"),
            perGb(kind, contestant).text("%.3f"));
      }
      double millrace = perGb(kind, Contestant.MILLRACE).median();
      System.out.printf(
          Locale.ROOT,
          "  Millrace's CPU = %.2f x bare Pekko HTTP = %.2f x nginx%n",
          millrace / perGb(kind, Contestant.PEKKO).median(),
          millrace / perGb(kind, Contestant.NGINX).median());
    }
  }

  private Figures requests(Kind kind, Contestant contestant) {
    return Figures.of(
        costs.get(kind).get(contestant).stream().map(DeliveryCost::requestsPerCpuSecond).toList());
  }

  private Figures perGb(Kind kind, Contestant contestant) {
    return Figures.of(
        costs.get(kind).get(contestant).stream().map(DeliveryCost::cpuSecondsPerGb).toList());
  }
}
