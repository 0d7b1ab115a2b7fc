package io.millrace.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.http.HttpSettings;
import io.millrace.media.codec.CodecLimits;
import io.millrace.media.demux.DemuxSettings;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.ladder.LadderRung;
import io.millrace.media.ladder.LadderSettings;
import io.millrace.media.segment.PipelineSettings;
import io.millrace.media.segment.SheddingSettings;
import io.millrace.media.worker.WorkerSettings;
import io.millrace.node.edge.EdgeSettingsSamples;
import io.millrace.node.ingest.AuthMode;
import io.millrace.node.ingest.RtmpSettings;
import io.millrace.node.relay.RelaySettings;
import io.millrace.node.store.StoreSettings;
import io.millrace.node.stream.StreamSettings;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A whole node in this JVM on free ports. */
final class TestNode implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final MillraceNode node;
  private final NodeAddresses addresses;

  private TestNode(MillraceNode node, NodeAddresses addresses) {
    this.node = node;
    this.addresses = addresses;
  }

  static TestNode start(Path dataDirectory, List<LadderRung> rungs) throws Exception {
    return start(dataDirectory, rungs, Duration.ZERO);
  }

  /**
   * @param partDuration zero: no low latency
   */
  static TestNode start(Path dataDirectory, List<LadderRung> rungs, Duration partDuration)
      throws Exception {
    Config config = ConfigFactory.load();
    MillraceNode node = MillraceNode.start(settings(dataDirectory, rungs, partDuration), config);
    return new TestNode(node, node.ready().toCompletableFuture().get(30, TimeUnit.SECONDS));
  }

  private static NodeSettings settings(
      Path dataDirectory, List<LadderRung> rungs, Duration partDuration) {
    Duration ten = Duration.ofSeconds(10);
    return new NodeSettings(
        "test",
        new RtmpSettings(
            "127.0.0.1", 0, 100, 100, ten, ten, ten, ten, 100_000_000, 5000, Duration.ZERO),
        new DemuxSettings(CodecLimits.standard(), 100),
        new HttpSettings(
            "127.0.0.1",
            0,
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            100,
            100,
            2048,
            Duration.ofHours(1),
            false,
            Optional.empty()),
        RelaySettings.standard(),
        EdgeSettingsSamples.of(ten, 64L << 20),
        new StoreSettings(dataDirectory, false),
        new StreamSettings(
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            SecondPublisher.TAKE_OVER,
            16,
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            new WindowSettings(Duration.ofSeconds(30), 6, partDuration.isZero() ? 0 : 1),
            new PipelineSettings(
                2,
                6,
                new LadderSettings(rungs),
                true,
                128_000,
                Duration.ofSeconds(30),
                new SheddingSettings(
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60)),
                partDuration)),
        new WorkerSettings(
            WorkerSettings.currentJava(),
            WorkerSettings.DEFAULT_JVM_FLAGS,
            5,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            0,
            Map.of()),
        AuthMode.OPEN,
        Optional.empty());
  }

  String rtmpUrl(String key) {
    return "rtmp://127.0.0.1:" + addresses.rtmp().port() + "/live/" + key;
  }

  String httpUrl(String path) {
    return "http://127.0.0.1:" + addresses.http().port() + path;
  }

  HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(httpUrl(path))).timeout(Duration.ofSeconds(20)).build(),
        BodyHandlers.ofByteArray());
  }

  int delete(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(httpUrl(path))).DELETE().build();
    return HTTP.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Override
  public void close() throws IOException {
    try {
      node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the node did not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while the node was stopping");
    }
  }
}
