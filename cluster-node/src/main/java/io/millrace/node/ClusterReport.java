package io.millrace.node;

import io.millrace.http.ClusterInfo;
import io.millrace.http.ClusterPort;
import io.millrace.node.cluster.ClusterSettings.Role;
import io.millrace.node.cluster.ClusterView;
import io.millrace.node.cluster.Formation;
import io.millrace.node.placement.NodeLoad;
import io.millrace.node.placement.NodeLoads;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** The control API's view of the membership, and the way to leave it. Thread-safe. */
final class ClusterReport implements ClusterPort {

  private enum DrainRequested implements CoordinatedShutdown.Reason {
    INSTANCE
  }

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final ClusterView view;
  private final NodeSettings settings;
  private final NodeMode mode;
  private final NodeLoads loads;
  private final Formation formation;

  ClusterReport(
      ActorSystem<?> system,
      NodeSettings settings,
      NodeMode mode,
      NodeLoads loads,
      Formation formation) {
    this.system = system;
    this.cluster = Cluster.get(system);
    this.view = mode.view(system);
    this.settings = settings;
    this.mode = mode;
    this.loads = loads;
    this.formation = formation;
  }

  @Override
  public ClusterInfo info() {
    CurrentClusterState state = cluster.state();
    Map<String, NodeLoad> byAddress =
        loads.all().values().stream()
            .collect(Collectors.toMap(NodeLoad::artery, load -> load, (a, b) -> b));
    List<ClusterInfo.Member> members =
        members(state)
            .map(member -> member(member, state.getUnreachable(), byAddress))
            .sorted(Comparator.comparing(ClusterInfo.Member::address))
            .toList();
    return new ClusterInfo(
        mode.label(),
        formation.id().orElse(null),
        settings.nodeName(),
        Optional.ofNullable(state.getLeader()).map(ClusterReport::hostPort).orElse(null),
        coordinator(state, byAddress),
        view.majorityReachable(),
        mode.slots(),
        members);
  }

  private static Stream<Member> members(CurrentClusterState state) {
    return StreamSupport.stream(state.getMembers().spliterator(), false);
  }

  /** The coordinator runs on the oldest member that may own streams. */
  private static String coordinator(CurrentClusterState state, Map<String, NodeLoad> byAddress) {
    return members(state)
        .filter(member -> member.hasRole(Role.ORIGIN.label()))
        .filter(member -> member.status().equals(MemberStatus.up()))
        .min((a, b) -> a.isOlderThan(b) ? -1 : 1)
        .map(member -> nameOf(member, byAddress))
        .orElse(null);
  }

  private static String nameOf(Member member, Map<String, NodeLoad> byAddress) {
    NodeLoad load = byAddress.get(member.address().toString());
    return load == null ? hostPort(member.address()) : load.name();
  }

  private static ClusterInfo.Member member(
      Member member, Set<Member> unreachable, Map<String, NodeLoad> byAddress) {
    NodeLoad load = byAddress.get(member.address().toString());
    boolean told = load != null;
    return new ClusterInfo.Member(
        told ? load.name() : null,
        hostPort(member.address()),
        member.status().toString().toLowerCase(Locale.ROOT),
        !unreachable.contains(member),
        member.getRoles().stream().filter(role -> !role.startsWith("dc-")).sorted().toList(),
        told && load.data().isPresent() ? load.data().toString() : null,
        told && load.internalHttp().isPresent() ? load.internalHttp().toString() : null,
        told ? load(load) : null);
  }

  private static ClusterInfo.Load load(NodeLoad load) {
    int busy = (int) load.slots().stream().filter(use -> use.streams() > 0).count();
    return new ClusterInfo.Load(
        load.cores(),
        load.coresFree(),
        load.streams(),
        load.publishers(),
        load.viewers(),
        load.slots().size(),
        busy,
        load.draining());
  }

  private static String hostPort(Address address) {
    return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
  }

  @Override
  public void drain() {
    var unused = CoordinatedShutdown.get(system).runAll(DrainRequested.INSTANCE);
  }
}
