package io.millrace.node.stream;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.state.DurableStateStoreRegistry;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;
import org.apache.pekko.persistence.state.javadsl.GetObjectResult;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.state.RecoveryCompleted;
import org.apache.pekko.persistence.typed.state.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.state.javadsl.DurableStateBehavior;
import org.apache.pekko.persistence.typed.state.javadsl.Effect;
import org.apache.pekko.persistence.typed.state.javadsl.SignalHandler;

/**
 * Persists the state of one stream and does nothing else. Stops on a failed write; its parent
 * starts it again unless the stream was fenced. The persistence id is the stream id without slot,
 * so that two owners in racing slots fence each other.
 */
final class StreamStateActor extends DurableStateBehavior<StreamStateActor.Command, StreamState> {

  /** What the keeper of the state is told. */
  sealed interface Command {}

  record Save(long version, StreamState state) implements Command {}

  /** Forgets the stream; the store keeps its revision. Nothing may be saved after it. */
  enum Delete implements Command {
    INSTANCE
  }

  /** Reads what is stored now; answered by {@link Checked}. */
  enum Check implements Command {
    INSTANCE
  }

  private record CheckDone(GetObjectResult<StreamState> stored, Throwable failure)
      implements Command {}

  private record DeleteDone(Throwable failure) implements Command {}

  /** What it tells its parent. */
  sealed interface Event {}

  /** First thing told. */
  record Recovered(StreamState state) implements Event {}

  record Saved(long version) implements Event {}

  /**
   * @param state what is stored, an empty state for nothing; null after a failure
   */
  record Checked(StreamState state, Throwable failure) implements Event {}

  record Deleted(Throwable failure) implements Event {}

  private final ActorContext<Command> context;
  private final String streamId;
  private final ActorRef<Event> parent;
  private final String pluginId;

  private StreamStateActor(
      ActorContext<Command> context, String streamId, String pluginId, ActorRef<Event> parent) {
    super(PersistenceId.ofUniqueId(streamId));
    this.context = context;
    this.streamId = streamId;
    this.pluginId = pluginId;
    this.parent = parent;
  }

  static Behavior<Command> create(String streamId, String pluginId, ActorRef<Event> parent) {
    return Behaviors.setup(context -> new StreamStateActor(context, streamId, pluginId, parent));
  }

  @Override
  public StreamState emptyState() {
    return StreamState.none(streamId);
  }

  @Override
  public String durableStateStorePluginId() {
    return pluginId;
  }

  @Override
  public SignalHandler<StreamState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.instance(),
            state -> parent.tell(new Recovered(state.after(lastSequenceNumber(context)))))
        .build();
  }

  @Override
  public CommandHandler<Command, StreamState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Save.class, (state, save) -> onSave(save))
        .onCommand(Delete.class, (state, delete) -> onDelete())
        .onCommand(Check.class, (state, check) -> onCheck())
        .onCommand(CheckDone.class, (state, done) -> onCheckDone(done))
        .onCommand(DeleteDone.class, (state, done) -> onDeleteDone(done))
        .build();
  }

  private Effect<StreamState> onSave(Save save) {
    return Effect().persist(save.state()).thenRun(state -> parent.tell(new Saved(save.version())));
  }

  private Effect<StreamState> onCheck() {
    CompletionStage<GetObjectResult<StreamState>> stored =
        updateStore().getObject(persistenceId().id());
    context.pipeToSelf(stored, CheckDone::new);
    return Effect().none();
  }

  private Effect<StreamState> onCheckDone(CheckDone done) {
    StreamState stored =
        done.stored() == null ? null : done.stored().value().orElseGet(this::emptyState);
    parent.tell(new Checked(stored, done.failure()));
    return Effect().none();
  }

  private Effect<StreamState> onDelete() {
    CompletionStage<Done> deleted =
        updateStore().deleteObject(persistenceId().id(), lastSequenceNumber(context) + 1);
    context.pipeToSelf(deleted, (done, failure) -> new DeleteDone(failure));
    return Effect().none();
  }

  private Effect<StreamState> onDeleteDone(DeleteDone done) {
    parent.tell(new Deleted(done.failure()));
    return Effect().none();
  }

  @SuppressWarnings("unchecked") // the registry hands out stores of any state
  private DurableStateUpdateStore<StreamState> updateStore() {
    return (DurableStateUpdateStore<StreamState>)
        DurableStateStoreRegistry.get(context.getSystem())
            .getDurableStateStoreFor(DurableStateUpdateStore.class, pluginId);
  }
}
