package io.millrace.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;

/** Actor systems of tests: no cluster, the product's own reference configuration. */
public final class TestKits {
  private static final Config LOCAL =
      ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.load());

  private TestKits() {}

  public static ActorTestKit local() {
    return ActorTestKit.create(LOCAL);
  }

  /** As {@link #local}, with settings of a test's own. */
  public static ActorTestKit with(Map<String, Object> settings) {
    return ActorTestKit.create(ConfigFactory.parseMap(settings).withFallback(LOCAL));
  }

  /** A node that can join a cluster, on a free port of loopback. */
  public static ActorTestKit clustered() {
    Config fast =
        ConfigFactory.parseMap(
            Map.of(
                "pekko.coordinated-shutdown.exit-jvm", "off",
                "pekko.cluster.seed-node-timeout", "1s"));
    return ActorTestKit.create(
        "millrace",
        fast.withFallback(ConfigFactory.parseResources("cluster-mode.conf"))
            .withFallback(ConfigFactory.load()));
  }

  /** Timers stand still until a test moves them; the state store is in {@code data}. */
  public static ActorTestKit manualTime(Path data) {
    Map<String, Object> store =
        Map.of(
            "millrace-runtime.file-state-store.directory",
            data.toString(),
            "millrace-runtime.file-state-store.fsync",
            false);
    return ActorTestKit.create(
        ManualTime.config().withFallback(ConfigFactory.parseMap(store)).withFallback(LOCAL));
  }

  /** An actor system that others can reach, configured as a node of a cluster; joins nothing. */
  public static <T> ActorSystem<T> clusterSystem(Behavior<T> guardian) {
    Config config =
        ConfigFactory.parseString("pekko.coordinated-shutdown.exit-jvm = off")
            .withFallback(ConfigFactory.parseResources("cluster-mode.conf"))
            .withFallback(ConfigFactory.load());
    return ActorSystem.create(guardian, "millrace", config);
  }
}
