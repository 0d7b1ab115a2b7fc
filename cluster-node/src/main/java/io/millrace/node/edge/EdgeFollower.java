package io.millrace.node.edge;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.millrace.node.CborSerializable;
import io.millrace.node.edge.ReceivedVersions.Version;
import io.millrace.node.placement.DirectoryEntry;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Follows one stream that another node owns, for all viewers of this node: asks the stream's entity
 * for its versions, asks again after a gap or a silence, and stops when no viewer asks any more,
 * when the stream is gone, or when its owner is on this node. What it knows is in the {@link
 * EdgeStream}; nothing is lost with it.
 */
public final class EdgeFollower {

  /** What a follower is told; what crosses nodes comes from the stream's owner. */
  public sealed interface Command
      permits StreamPush, StreamChange, Beat, Unknown, Released, Looked, Fetched, Timer {}

  /** The owner's newest version, every second. */
  @JsonTypeName("beat")
  public record Beat(long epoch, long version) implements Command, CborSerializable {}

  /** There is nothing to own. */
  @JsonTypeName("unknown")
  public record Unknown() implements Command, CborSerializable {}

  /** The owner stops. */
  @JsonTypeName("released")
  public record Released(long epoch) implements Command, CborSerializable {}

  private record Looked(Optional<DirectoryEntry> entry, Throwable failure) implements Command {}

  private record Fetched(Version version, Throwable failure) implements Command {}

  private enum Timer implements Command {
    ASK,
    RENEW
  }

  /** Without a word of the owner for so long it is asked for again. */
  static final Duration SILENCE = Duration.ofSeconds(3);

  static final Duration RENEW = Duration.ofSeconds(5);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LAST_RETRY = Duration.ofSeconds(1);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Place place;
  private final EdgeStream stream;
  private int asks;
  private boolean unknown;
  private boolean looked;
  private DirectoryEntry entry;
  private long heardNanos;
  private final ReceivedVersions received;

  /**
   * What the followers of a node share.
   *
   * @param idleLimit how long a stream is followed that no viewer asks for
   * @param nanoClock monotonic
   */
  record Place(
      StreamEdge edge,
      FollowPort owners,
      String node,
      Duration idleLimit,
      LongSupplier nanoClock) {}

  private EdgeFollower(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Place place,
      EdgeStream stream) {
    this.context = context;
    this.timers = timers;
    this.place = place;
    this.stream = stream;
    this.received = new ReceivedVersions(place.nanoClock());
    this.heardNanos = place.nanoClock().getAsLong();
  }

  static Behavior<Command> create(Place place, EdgeStream stream) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Timer.RENEW, RENEW);
                  return new EdgeFollower(context, timers, place, stream).following();
                }));
  }

  private Behavior<Command> following() {
    ask();
    return Behaviors.receive(Command.class)
        .onMessage(StreamPush.class, this::onPush)
        .onMessage(StreamChange.class, this::onChange)
        .onMessage(Beat.class, this::onBeat)
        .onMessage(Unknown.class, nothing -> onUnknown())
        .onMessage(Released.class, this::onReleased)
        .onMessage(Looked.class, this::onLooked)
        .onMessage(Fetched.class, this::onFetched)
        .onMessage(Timer.class, this::onTimer)
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  // --- asking -----------------------------------------------------------------------------------

  private void ask() {
    long millis = Math.min(FIRST_RETRY.toMillis() << Math.min(asks, 10), LAST_RETRY.toMillis());
    asks++;
    long spread = millis / 4;
    long jitter = ThreadLocalRandom.current().nextLong(-spread, spread + 1);
    timers.startSingleTimer(Timer.ASK, Duration.ofMillis(millis + jitter));
    context.pipeToSelf(place.owners().follow(stream.streamId(), request()), Looked::new);
  }

  /** The timer is not set anew by each word of the owner, of which there are many. */
  private void askAfterSilence() {
    Duration left = SILENCE.minus(silence());
    if (asks == 0 && left.compareTo(Duration.ZERO) > 0) {
      timers.startSingleTimer(Timer.ASK, left);
    } else {
      ask();
    }
  }

  private Duration silence() {
    return Duration.ofNanos(place.nanoClock().getAsLong() - heardNanos);
  }

  /** An owner that is heard needs no directory. */
  private void renew() {
    if (entry != null) {
      place.owners().follow(entry, request());
    }
  }

  private FollowRequest request() {
    StreamSnapshot shown = stream.snapshot();
    return new FollowRequest(
        context.getSelf(),
        place.node(),
        place.edge().localSessions(stream.streamId()),
        shown.epoch(),
        shown.version());
  }

  private Behavior<Command> onTimer(Timer timer) {
    if (stream.isOwnedHere() || !isWatched()) {
      return Behaviors.stopped();
    }
    if (timer == Timer.ASK) {
      askAfterSilence();
    } else {
      renew();
    }
    return Behaviors.same();
  }

  private boolean isWatched() {
    return stream.watching().idle().compareTo(place.idleLimit()) <= 0;
  }

  private Behavior<Command> onLooked(Looked answer) {
    if (answer.failure() != null) {
      context.getLog().debug("stream directory: {}", answer.failure().toString());
      renew();
      return Behaviors.same();
    }
    looked = true;
    entry = answer.entry().orElse(null);
    return isGone() ? gone() : Behaviors.same();
  }

  private Behavior<Command> onUnknown() {
    unknown = true;
    return isGone() ? gone() : Behaviors.same();
  }

  /** Nobody has it, and the directory does not expect that anybody will. */
  private boolean isGone() {
    boolean expected = entry != null && !(unknown && entry.hasEnded());
    return looked && !expected && !stream.isOwnedHere();
  }

  private Behavior<Command> gone() {
    place.edge().gone(stream);
    return Behaviors.stopped();
  }

  // --- what the owner says ----------------------------------------------------------------------

  private Behavior<Command> onPush(StreamPush push) {
    if (push.epoch() < stream.snapshot().epoch() && hasReplacedALostStream(push)) {
      stream.startOver();
      received.startOver();
    }
    take(new Version(push.toSnapshot(stream.streamId()), push.source(), OptionalLong.empty()));
    return Behaviors.same();
  }

  /** One that does not lead on from what was received is like a beat: a version is missing. */
  private Behavior<Command> onChange(StreamChange change) {
    Version before = received.newest().orElse(null);
    if (before == null || !change.follows(before.snapshot())) {
      return onBeat(new Beat(change.epoch(), change.version()));
    }
    take(
        new Version(
            change.appliedTo(before.snapshot()),
            before.source(),
            OptionalLong.of(change.publishedAtMs())));
    return Behaviors.same();
  }

  /** It is shown when the parts that it adds are here. */
  private void take(Version version) {
    received.add(version);
    if (!version.snapshot().isNewerThan(stream.snapshot())) {
      return;
    }
    heard();
    Optional<CompletionStage<Void>> parts =
        place.edge().fetchParts(stream, version.snapshot(), version.source());
    if (parts.isEmpty()) {
      show(version);
    } else {
      received.waits();
      context.pipeToSelf(parts.get(), (done, failure) -> new Fetched(version, failure));
    }
  }

  private void show(Version version) {
    EdgeStream.Outcome outcome =
        place.edge().publishFollowed(stream, version.snapshot(), version.source());
    if (outcome == EdgeStream.Outcome.SHOWN) {
      version.publishedAtMs().ifPresent(place.edge()::pushed);
    }
  }

  private Behavior<Command> onFetched(Fetched fetched) {
    if (received.mayShow(fetched.version(), fetched.failure() == null)) {
      show(fetched.version());
    }
    return Behaviors.same();
  }

  /**
   * An owner with an earlier epoch than was seen is an old one, unless the directory names it and
   * nobody else was heard for long: then the stream's past was lost in the store.
   */
  private boolean hasReplacedALostStream(StreamPush push) {
    boolean silent = silence().compareTo(EdgeStream.CATCH_UP_LIMIT) > 0;
    return silent && entry != null && entry.epoch() == push.epoch();
  }

  private Behavior<Command> onBeat(Beat beat) {
    StreamSnapshot shown = stream.snapshot();
    StreamSnapshot known = received.upTo(shown);
    if (beat.epoch() == known.epoch() && beat.version() <= known.version()) {
      heard();
    } else if (beat.epoch() >= shown.epoch() && asks == 0) {
      ask();
    }
    return Behaviors.same();
  }

  private void heard() {
    heardNanos = place.nanoClock().getAsLong();
    stream.progress().heard();
    unknown = false;
    if (asks > 0) {
      asks = 0;
      timers.startSingleTimer(Timer.ASK, SILENCE);
    }
  }

  private Behavior<Command> onReleased(Released released) {
    if (released.epoch() >= stream.snapshot().epoch()) {
      asks = 0;
      ask();
    }
    return Behaviors.same();
  }

  private Behavior<Command> onPostStop() {
    place.edge().unfollowed(stream, isWatched());
    return Behaviors.same();
  }
}
