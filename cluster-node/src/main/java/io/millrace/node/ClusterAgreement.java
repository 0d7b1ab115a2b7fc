package io.millrace.node;

import com.typesafe.config.Config;
import java.util.List;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a joining node must have like the others: mode, number of slots, prefix of the store's keys.
 * Made by Pekko; a node that differs is refused and ends.
 */
public final class ClusterAgreement extends JoinConfigCompatChecker {
  static final String ROOT = "millrace-runtime.agreed";
  private static final List<String> KEYS =
      List.of(ROOT + ".mode", ROOT + ".slots", ROOT + ".key-prefix");

  @Override
  public Seq<String> requiredKeys() {
    return CollectionConverters.asScala(KEYS).toSeq();
  }

  @Override
  public ConfigValidation check(Config toCheck, Config actual) {
    return fullMatch(requiredKeys(), toCheck, actual);
  }
}
