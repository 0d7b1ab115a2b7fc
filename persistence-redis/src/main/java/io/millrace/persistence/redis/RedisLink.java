package io.millrace.persistence.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The client library as this plugin uses it: one multiplexed connection to a standalone Redis, a
 * Sentinel's master or a Cluster. Commands fail at once while there is no connection; what may wait
 * for answers is bounded.
 */
final class RedisLink {
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
  private static final Duration FIRST_RECONNECT = Duration.ofMillis(20);
  private static final Duration LAST_RECONNECT = Duration.ofMillis(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(15);

  /** An open connection. */
  record Open(
      StatefulConnection<String, byte[]> connection,
      RedisClusterAsyncCommands<String, byte[]> commands) {}

  private final ClientResources resources;
  private final RedisConnectionSettings settings;
  private final AbstractRedisClient client;
  private final RedisURI uri;

  RedisLink(RedisConnectionSettings settings) {
    this.settings = settings;
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .reconnectDelay(
                () -> Delay.exponential(FIRST_RECONNECT, LAST_RECONNECT, 2, TimeUnit.MILLISECONDS))
            .build();
    List<RedisURI> uris = uris();
    this.uri = uris.get(0);
    this.client = settings.isCluster() ? clusterClient(uris) : singleClient();
  }

  private List<RedisURI> uris() {
    List<String> texts =
        settings.isCluster() ? List.of(settings.uri().split(",")) : List.of(settings.uri());
    List<RedisURI> uris = new ArrayList<>();
    for (String text : texts) {
      RedisURI one = RedisURI.create(text.trim());
      one.setTimeout(settings.commandTimeout());
      if (!settings.verifyHost()) {
        one.setVerifyPeer(SslVerifyMode.CA);
      }
      uris.add(one);
    }
    return uris;
  }

  private RedisClient singleClient() {
    RedisClient single = RedisClient.create(resources, uri);
    single.setOptions(common(ClientOptions.builder()).build());
    return single;
  }

  private RedisClusterClient clusterClient(List<RedisURI> uris) {
    RedisClusterClient cluster = RedisClusterClient.create(resources, uris);
    ClusterClientOptions.Builder options =
        ClusterClientOptions.builder()
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                    .build());
    common(options);
    cluster.setOptions(options.build());
    return cluster;
  }

  private ClientOptions.Builder common(ClientOptions.Builder options) {
    SslOptions.Builder tls = SslOptions.builder();
    if (!settings.trustCertificates().isEmpty()) {
      tls.trustManager(new File(settings.trustCertificates()));
    }
    return options
        .protocolVersion(ProtocolVersion.RESP2)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(settings.maxPending())
        .timeoutOptions(TimeoutOptions.enabled(settings.commandTimeout()))
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(settings.connectTimeout())
                .keepAlive(true)
                .build())
        .sslOptions(tls.build());
  }

  CompletableFuture<Open> open() {
    if (client instanceof RedisClusterClient cluster) {
      return cluster
          .refreshPartitionsAsync()
          .thenCompose(done -> cluster.connectAsync(CODEC))
          .thenApply(c -> new Open(c, c.async()))
          .toCompletableFuture();
    }
    return ((RedisClient) client)
        .connectAsync(CODEC, uri)
        .thenApply(c -> new Open(c, c.async()))
        .toCompletableFuture();
  }

  /** Closes all connections and the client's threads. */
  CompletionStage<Void> close() {
    return client
        .shutdownAsync(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .thenCompose(
            done -> {
              CompletableFuture<Void> stopped = new CompletableFuture<>();
              resources
                  .shutdown(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                  .addListener(
                      future -> {
                        stopped.complete(null);
                      });
              return stopped;
            });
  }
}
