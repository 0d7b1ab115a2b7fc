package io.millrace.node.cluster;

import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** The view of the cluster's membership; reads the last known state, asks nobody. */
public final class MembershipView implements ClusterView {
  private static final Set<MemberStatus> COUNTED =
      Set.of(MemberStatus.up(), MemberStatus.leaving());

  private final Cluster cluster;

  public MembershipView(ActorSystem<?> system) {
    this.cluster = Cluster.get(system);
  }

  @Override
  public boolean majorityReachable() {
    var state = cluster.state();
    Set<Member> unreachable = state.getUnreachable();
    int up = 0;
    int reachable = 0;
    for (Member member : state.getMembers()) {
      if (COUNTED.contains(member.status())) {
        up++;
        reachable += unreachable.contains(member) ? 0 : 1;
      }
    }
    return 2 * reachable > up;
  }
}
