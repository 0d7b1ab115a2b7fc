package io.millrace.node.placement;

import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.placement.NodeLoad.SlotUse;
import io.millrace.node.stream.StreamActor;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.ClusterDomainEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.LWWMapKey;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.ddata.typed.javadsl.Replicator;
import org.apache.pekko.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Tells the other nodes of this one's load and keeps {@link NodeLoads} up to date with theirs, over
 * Distributed Data. One actor per node; keeps nothing that the next round does not bring back.
 */
public final class LoadGossip {

  /** What the gossip is told. */
  public sealed interface Command {}

  /** Says this node's load at once; it has changed in a way that others should know. */
  public enum SayNow implements Command {
    INSTANCE
  }

  private enum Tick implements Command {
    INSTANCE
  }

  private record Sampled(CurrentShardRegionState region) implements Command {}

  private record Changed(Replicator.SubscribeResponse<LWWMap<String, NodeLoad>> response)
      implements Command {}

  private record Written(Replicator.UpdateResponse<LWWMap<String, NodeLoad>> response)
      implements Command {}

  private record MembersChanged(ClusterDomainEvent event) implements Command {}

  private enum FirstLimit implements Command {
    INSTANCE
  }

  private static final Key<LWWMap<String, NodeLoad>> KEY = LWWMapKey.create("millrace-node-loads");

  private static final Duration WHILE_DRAINING = Duration.ofMillis(500);

  /** The same while slots come or go, as on a node that has just started. */
  private static final Duration WHILE_SPREADING = WHILE_DRAINING;

  /** Nobody waits longer for nodes that do not tell. */
  private static final Duration FIRST_LIMIT = Duration.ofSeconds(5);

  /**
   * What a node knows before it places streams: the load of each origin in sight, and a home of
   * each slot.
   *
   * @param slots of the whole cluster
   * @param reached completed once, at the latest after five seconds
   */
  public record FirstRound(int slots, CompletableFuture<Done> reached) {}

  private final ActorContext<Command> context;
  private final ReplicatorMessageAdapter<Command, LWWMap<String, NodeLoad>> replicator;
  private final Cluster cluster;
  private final SelfUniqueAddress self;
  private final NodeLoads loads;
  private final NodeIdentity identity;
  private final NodeDrain drain;
  private final TimerScheduler<Command> timers;
  private final NodeLoads.Own own;
  private final ActorRef<CurrentShardRegionState> regionStates;
  private final FirstRound firstRound;
  private Map<String, NodeLoad> known = Map.of();
  private int slotsSaid;

  private LoadGossip(
      ActorContext<Command> context,
      ReplicatorMessageAdapter<Command, LWWMap<String, NodeLoad>> replicator,
      NodeLoads loads,
      TimerScheduler<Command> timers,
      NodeIdentity identity,
      NodeLoads.Own own,
      FirstRound firstRound) {
    this.context = context;
    this.replicator = replicator;
    this.cluster = Cluster.get(context.getSystem());
    this.self = DistributedData.get(context.getSystem()).selfUniqueAddress();
    this.loads = loads;
    this.identity = identity;
    this.drain = own.drain();
    this.timers = timers;
    this.own = own;
    this.firstRound = firstRound;
    this.regionStates = context.messageAdapter(CurrentShardRegionState.class, Sampled::new);
  }

  /**
   * @param loads gets every node's load
   * @param identity of this node
   * @param own this node's figures
   */
  public static Behavior<Command> create(
      NodeLoads loads,
      NodeIdentity identity,
      NodeLoads.Own own,
      Duration interval,
      FirstRound firstRound) {
    return Behaviors.setup(
        context ->
            DistributedData.<Command, LWWMap<String, NodeLoad>>withReplicatorMessageAdapter(
                replicator ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerWithFixedDelay(Tick.INSTANCE, Duration.ZERO, interval);
                          timers.startSingleTimer(FirstLimit.INSTANCE, FIRST_LIMIT);
                          return new LoadGossip(
                                  context, replicator, loads, timers, identity, own, firstRound)
                              .running();
                        })));
  }

  private Behavior<Command> running() {
    replicator.subscribe(KEY, Changed::new);
    cluster
        .subscriptions()
        .tell(
            Subscribe.create(
                context.messageAdapter(ClusterDomainEvent.class, MembersChanged::new),
                ClusterDomainEvent.class));
    return Behaviors.receive(Command.class)
        .onMessage(Tick.class, tick -> sample())
        .onMessage(SayNow.class, now -> sample())
        .onMessage(Sampled.class, this::onSampled)
        .onMessage(Changed.class, this::onChanged)
        .onMessage(MembersChanged.class, changed -> onMembersChanged())
        .onMessage(Written.class, written -> Behaviors.same())
        .onMessage(FirstLimit.class, limit -> onFirstLimit())
        .build();
  }

  private Behavior<Command> sample() {
    publish();
    if (cluster.selfMember().hasRole("origin")) {
      ClusterSharding.get(context.getSystem())
          .shardState()
          .tell(new GetShardRegionState(StreamActor.ENTITY_TYPE_KEY, regionStates));
    } else {
      say(List.of());
    }
    return Behaviors.same();
  }

  private Behavior<Command> onSampled(Sampled sampled) {
    say(sampled.region().getShards().stream().map(LoadGossip::use).toList());
    return Behaviors.same();
  }

  private static SlotUse use(ShardState shard) {
    long streams = shard.getEntityIds().stream().filter(id -> !Slot.isProbe(id)).count();
    return new SlotUse(Slot.ofShard(shard.shardId()).number(), (int) streams);
  }

  private void say(List<SlotUse> slots) {
    drain.holds(slots.stream().mapToInt(SlotUse::streams).sum());
    if (drain.isOn()) {
      timers.startSingleTimer(SayNow.INSTANCE, WHILE_DRAINING);
      if (loads.othersDrain(identity.name())) {
        drain.othersStopToo();
      }
    } else if (slots.size() != slotsSaid) {
      timers.startSingleTimer(SayNow.INSTANCE, WHILE_SPREADING);
    }
    slotsSaid = slots.size();
    NodeLoad load = own.load(identity, cluster.selfMember(), slots);
    replicator.askUpdate(
        replyTo ->
            new Replicator.Update<>(
                KEY,
                LWWMap.<String, NodeLoad>create(),
                Replicator.writeLocal(),
                replyTo,
                map -> withoutTheGone(map).put(self, load.name(), load)),
        Written::new);
  }

  /** The leader forgets nodes that are no members any more. */
  private LWWMap<String, NodeLoad> withoutTheGone(LWWMap<String, NodeLoad> map) {
    LWWMap<String, NodeLoad> rest = map;
    if (cluster.selfMember().address().equals(cluster.state().getLeader())) {
      Set<Long> living = incarnations(cluster.state().getMembers());
      for (NodeLoad load : map.getEntries().values()) {
        rest = living.contains(load.incarnation()) ? rest : rest.remove(self, load.name());
      }
    }
    return rest;
  }

  private Behavior<Command> onChanged(Changed changed) {
    if (changed.response() instanceof Replicator.Changed<LWWMap<String, NodeLoad>> c) {
      known = c.get(KEY).getEntries();
      publish();
    }
    return Behaviors.same();
  }

  private Behavior<Command> onMembersChanged() {
    publish();
    return Behaviors.same();
  }

  private void publish() {
    Set<Long> members = incarnations(cluster.state().getMembers());
    Map<String, NodeLoad> living = new HashMap<>();
    known.values().stream()
        .filter(load -> members.contains(load.incarnation()))
        .forEach(load -> living.put(load.name(), load));
    Set<String> unreachable = new HashSet<>();
    cluster.state().getUnreachable().forEach(m -> unreachable.add(m.address().toString()));
    loads.publish(living, unreachable);
    if (!firstRound.reached().isDone() && knowsAll(unreachable)) {
      firstRound.reached().complete(Done.getInstance());
    }
  }

  private boolean knowsAll(Set<String> unreachable) {
    Set<Long> told = new HashSet<>();
    loads.all().values().forEach(load -> told.add(load.incarnation()));
    for (Member member : cluster.state().getMembers()) {
      boolean tells =
          member.hasRole("origin")
              && member.status().equals(MemberStatus.up())
              && !unreachable.contains(member.address().toString());
      if (tells && !told.contains(member.uniqueAddress().longUid())) {
        return false;
      }
    }
    return loads.heldSlots().size() >= firstRound.slots();
  }

  private Behavior<Command> onFirstLimit() {
    if (firstRound.reached().complete(Done.getInstance())) {
      context.getLog().info("not every node has told its load yet, going on without");
    }
    return Behaviors.same();
  }

  private static Set<Long> incarnations(Iterable<Member> members) {
    Set<Long> uids = new HashSet<>();
    members.forEach(member -> uids.add(member.uniqueAddress().longUid()));
    return uids;
  }
}
