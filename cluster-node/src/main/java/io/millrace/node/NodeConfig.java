package io.millrace.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.store.redis.RedisStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a node's settings mean for Pekko; wins over every file. */
final class NodeConfig {
  private static final Duration SHUTDOWN_MARGIN = Duration.ofSeconds(5);

  private NodeConfig() {}

  static Config of(NodeSettings settings) {
    Map<String, Object> values = new LinkedHashMap<>();
    String directory = settings.store().dataDirectory().toAbsolutePath().toString();
    values.put("millrace-runtime.file-state-store.directory", directory);
    values.put("millrace-runtime.file-state-store.fsync", settings.store().fsync());
    settings.cluster().ifPresentOrElse(c -> cluster(c, values), () -> single(values));
    return ConfigFactory.parseMap(values);
  }

  private static void single(Map<String, Object> values) {
    List<ClusterSettings.Role> all = Arrays.asList(ClusterSettings.Role.values());
    values.put("pekko.cluster.roles", labels(all));
    values.put(ClusterAgreement.ROOT + ".mode", "single");
  }

  private static void cluster(ClusterSettings cluster, Map<String, Object> values) {
    values.put("pekko.remote.artery.canonical.hostname", cluster.privateHost());
    values.put("pekko.remote.artery.canonical.port", cluster.arteryPort());
    values.put("pekko.cluster.roles", labels(cluster.roles()));
    values.put(
        "pekko.coordinated-shutdown.phases.before-service-unbind.timeout",
        cluster.drainTimeout().plus(SHUTDOWN_MARGIN));
    values.putAll(RedisStores.config(cluster.redis()));
    values.put(ClusterAgreement.ROOT + ".mode", "cluster");
    values.put(ClusterAgreement.ROOT + ".slots", cluster.slots());
    values.put(ClusterAgreement.ROOT + ".key-prefix", cluster.redis().keyPrefix());
  }

  private static List<String> labels(Iterable<ClusterSettings.Role> roles) {
    List<String> labels = new ArrayList<>();
    roles.forEach(role -> labels.add(role.label()));
    return labels;
  }
}
