package io.millrace.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one client process saw of one server.
 *
 * @param serverCpu user and system seconds of the server
 * @param clientCpu the same of the client
 */
record DeliveryCost(
    long requests, long bytes, long errors, double serverCpu, double clientCpu, double seconds) {

  /** Runs the client, which asks for {@code url} all the time on so many connections. */
  static DeliveryCost measure(
      URI url, int connections, int warmUpSeconds, int seconds, List<Long> server)
      throws IOException, InterruptedException {
    Process client =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DeliveryClient.class.getName(),
                url.getHost(),
                Integer.toString(url.getPort()),
                url.getPath(),
                Integer.toString(connections),
                Integer.toString(warmUpSeconds),
                Integer.toString(seconds),
                server.stream().map(String::valueOf).collect(Collectors.joining(",")))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (client.waitFor() != 0) {
      throw new IOException("the client failed");
    }
    String[] fields = line.strip().split(" ", -1);
    return new DeliveryCost(
        Long.parseLong(fields[0]),
        Long.parseLong(fields[1]),
        Long.parseLong(fields[2]),
        Double.parseDouble(fields[3]),
        Double.parseDouble(fields[4]),
        Double.parseDouble(fields[5]));
  }

  double requestsPerCpuSecond() {
    return requests / serverCpu;
  }

  double cpuSecondsPerGb() {
    return serverCpu / (bytes / 1e9);
  }

  double megabitsPerSecond() {
    return bytes * 8e-6 / seconds;
  }
}
