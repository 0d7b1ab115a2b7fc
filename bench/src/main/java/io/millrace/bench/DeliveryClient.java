package io.millrace.bench;

import io.millrace.bench.load.Answer;
import io.millrace.bench.load.AnswerSink;
import io.millrace.bench.load.ClientConnection;
import io.millrace.bench.load.ClientLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The client of {@link DeliveryBench}, a process of its own: keep-alive connections that each ask
 * for the same object again as soon as they have it. Prints one line of figures.
 */
public final class DeliveryClient {
  private static final int OK = 200;

  private final ClientLoop loop;
  private final InetSocketAddress server;
  private final byte[] request;
  private long requests;
  private long bytes;
  private long errors;

  private DeliveryClient(ClientLoop loop, InetSocketAddress server, byte[] request) {
    this.loop = loop;
    this.server = server;
    this.request = request;
  }

  /**
   * Arguments: host, port, path, connections, seconds of warm-up, seconds measured, process ids of
   * the server with commas.
   */
  public static void main(String[] args) throws IOException {
    InetSocketAddress server = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    byte[] request =
        ("GET " + args[2] + " HTTP/1.1\r\nHost: " + args[0] + ':' + args[1] + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    List<Long> pids = Arrays.stream(args[6].split(",", -1)).map(Long::valueOf).toList();
    try (ClientLoop loop = new ClientLoop()) {
      DeliveryClient client = new DeliveryClient(loop, server, request);
      for (int i = 0; i < Integer.parseInt(args[3]); i++) {
        client.open();
      }
      client.measure(
          Duration.ofSeconds(Long.parseLong(args[4])),
          Duration.ofSeconds(Long.parseLong(args[5])),
          pids);
    }
  }

  private void measure(Duration warmUp, Duration measured, List<Long> pids) throws IOException {
    List<Long> me = List.of(ProcessHandle.current().pid());
    loop.runUntil(System.nanoTime() + warmUp.toNanos());
    long start = System.nanoTime();
    double serverBefore = Proc.cpuSeconds(pids);
    double clientBefore = Proc.cpuSeconds(me);
    requests = 0;
    bytes = 0;
    loop.runUntil(start + measured.toNanos());
    System.out.printf(
        Locale.ROOT,
        "%d %d %d %.3f %.3f %.3f%n",
        requests,
        bytes,
        errors,
        Proc.cpuSeconds(pids) - serverBefore,
        Proc.cpuSeconds(me) - clientBefore,
        (System.nanoTime() - start) / 1e9);
  }

  private void open() throws IOException {
    new Asker(loop.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), server))
        .ask();
  }

  /** One connection. */
  private final class Asker implements AnswerSink {
    private final ClientConnection connection;

    Asker(ClientConnection connection) {
      this.connection = connection;
    }

    void ask() {
      connection.send(request, false, this);
    }

    @Override
    public void answered(Answer answer) {
      requests++;
      bytes += answer.bodyBytes();
      if (answer.status() != OK) {
        errors++;
      }
      if (connection.isOpen()) {
        ask();
      } else {
        failed(new IOException("closed after an answer"));
      }
    }

    @Override
    public void failed(IOException reason) {
      errors++;
      System.err.println(reason);
    }
  }
}
