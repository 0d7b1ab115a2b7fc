package io.millrace.node.stream;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Writes a stream's newest state: one upsert in flight, what comes meanwhile is coalesced, the
 * writer is started again with backoff when it stops. Confined to the stream's actor.
 */
final class StateKeeper {
  static final Duration COALESCE = Duration.ofMillis(50);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);

  /** Timers that the owner starts for this keeper. */
  enum Alarm {
    /** Then {@link #flush} is called. */
    FLUSH,
    /** Then {@link #restart} is called. */
    RESTART,
    /** Then {@link #check} is called. */
    CHECK,
    /** Then the owner learns that the store does not answer; begins anew with a success. */
    DOUBT
  }

  private final Supplier<ActorRef<StreamStateActor.Command>> spawn;
  private final BiConsumer<Alarm, Duration> alarms;
  private final Duration doubt;
  private ActorRef<StreamStateActor.Command> writer;
  private Duration retry = FIRST_RETRY;
  private StreamState newest;
  private long version;
  private long inFlight;
  private long saved;
  private boolean usable;
  private boolean checkWanted;
  private boolean doubted;

  /**
   * @param alarms starts a timer; a null duration cancels it
   */
  StateKeeper(
      Supplier<ActorRef<StreamStateActor.Command>> spawn,
      BiConsumer<Alarm, Duration> alarms,
      Duration doubt) {
    this.spawn = spawn;
    this.alarms = alarms;
    this.doubt = doubt;
    this.writer = spawn.get();
  }

  /** The owner waits for the first read; it learns when that takes too long. */
  void expectRecovery() {
    alarms.accept(Alarm.DOUBT, doubt);
  }

  /** The version that the next {@link #save} writes. */
  long nextVersion() {
    return version + 1;
  }

  /**
   * @param soon coalesce with what comes in the next moments
   * @return the version that will be durable
   */
  long save(StreamState state, boolean soon) {
    alarms.accept(Alarm.DOUBT, doubt);
    newest = state;
    version++;
    if (soon) {
      alarms.accept(Alarm.FLUSH, COALESCE);
    } else {
      flush();
    }
    return version;
  }

  void flush() {
    if (usable && inFlight == 0 && saved < version) {
      inFlight = version;
      writer.tell(new StreamStateActor.Save(version, newest));
    }
  }

  /** The writer has read the store and can write. */
  void onRecovered() {
    usable = true;
    if (isSaved()) {
      alarms.accept(Alarm.DOUBT, null);
    }
    flush();
    if (checkWanted) {
      check();
    }
  }

  /** Has the store read again, to learn whether this owner still is the owner. */
  void check() {
    checkWanted = true;
    if (usable) {
      writer.tell(StreamStateActor.Check.INSTANCE);
    }
  }

  void onCheckFailed() {
    alarms.accept(Alarm.CHECK, FIRST_RETRY);
  }

  void onChecked() {
    checkWanted = false;
  }

  /**
   * The owner has learned that the store does not answer.
   *
   * @return for the first time since it did
   */
  boolean onDoubt() {
    boolean first = !doubted;
    doubted = true;
    return first;
  }

  /** The owner could not act on the doubt, or saves nothing more; it learns again. */
  void doubtAgain() {
    if (!isSaved()) {
      alarms.accept(Alarm.DOUBT, LAST_RETRY);
    }
  }

  void onSaved(long savedVersion) {
    saved = savedVersion;
    inFlight = 0;
    retry = FIRST_RETRY;
    doubted = false;
    alarms.accept(Alarm.DOUBT, null);
    if (!isSaved()) {
      alarms.accept(Alarm.DOUBT, doubt);
      flush();
    }
  }

  /** The writer stopped: the write in flight may or may not be in the store. */
  void onStopped() {
    usable = false;
    inFlight = 0;
    alarms.accept(Alarm.RESTART, retry);
    Duration doubled = retry.multipliedBy(2);
    retry = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
  }

  void restart() {
    writer = spawn.get();
  }

  void delete() {
    if (usable) {
      writer.tell(StreamStateActor.Delete.INSTANCE);
    }
  }

  /** The writer has read the store and has not failed since. */
  boolean isUsable() {
    return usable;
  }

  boolean isSaved() {
    return saved == version;
  }
}
