package io.millrace.node.stream;

import io.millrace.media.MediaSegment;
import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.hls.WindowSettings;
import io.millrace.node.stream.StreamActor.Command;
import io.millrace.node.stream.StreamActor.ShowUnstored;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * The actors below an owned stream: its playlists, one transcoder per quality, the keeper of its
 * worker. All are watched; one that fails takes the stream with it, and the next incarnation goes
 * on from the durable state. Confined to the stream's actor.
 */
final class StreamChildren {
  private final StreamEntity entity;
  private final StreamEngine engine;
  private final ActorRef<PlaylistActor.Command> playlists;
  private final Map<String, ActorRef<TranscoderActor.Command>> transcoders = new HashMap<>();
  private ActorRef<WorkerActor.Command> worker;

  /**
   * @param engine null for an ended stream
   */
  StreamChildren(StreamEntity entity, StreamEngine engine) {
    this.entity = entity;
    this.engine = engine;
    this.playlists = entity.spawn(restoredPlaylists(), "playlists");
    StreamState state = entity.state();
    if (engine != null && state.presentation() != null) {
      spawnTranscoders(state.presentation());
    }
  }

  private Behavior<PlaylistActor.Command> restoredPlaylists() {
    StreamActor.Dependencies deps = entity.deps();
    StreamState state = entity.state();
    return PlaylistActor.create(
        new PlaylistActor.Place(
            entity.streamId(),
            state.epoch(),
            entity.settings().window(),
            deps.edge(),
            deps.store(),
            deps.self().internalHttp(),
            deps.registry()),
        Optional.ofNullable(state.presentation())
            .map(p -> new PlaylistActor.Predecessor(p, state.windows())),
        entity.takeLeftovers());
  }

  ActorRef<PlaylistActor.Command> playlists() {
    return playlists;
  }

  ActorRef<TranscoderActor.Command> transcoder(String rendition) {
    return transcoders.get(rendition);
  }

  void spawnTranscoders(Presentation presentation) {
    Duration patience = patience(presentation.targetDurationSeconds());
    for (Rendition rendition : presentation.renditions()) {
      transcoders.computeIfAbsent(rendition.name(), name -> spawnTranscoder(name, patience));
    }
  }

  /** A segment is that old when it has left every playlist and need not be fetchable any more. */
  private Duration patience(int targetDurationSeconds) {
    WindowSettings window = entity.settings().window();
    Duration target = Duration.ofSeconds(targetDurationSeconds);
    Duration least = target.multipliedBy(window.minSegments());
    Duration playlist = window.window().compareTo(least) > 0 ? window.window() : least;
    return playlist.plus(target).multipliedBy(2);
  }

  private ActorRef<TranscoderActor.Command> spawnTranscoder(String rendition, Duration patience) {
    StreamActor.Dependencies deps = entity.deps();
    TranscoderActor.Place place =
        new TranscoderActor.Place(
            entity.streamId(),
            entity.state().epoch(),
            rendition,
            deps.store(),
            entity.settings().storeDoubt(),
            patience,
            deps.waiting(),
            new Reports(rendition, engine, entity.context().getSelf()));
    return entity.spawn(TranscoderActor.create(place, deps.registry()), "transcoder-" + rendition);
  }

  void spawnWorker() {
    if (worker == null) {
      StreamActor.Dependencies deps = entity.deps();
      worker =
          entity.spawn(
              WorkerActor.create(entity.streamId(), deps.workers(), engine, deps.registry()),
              "worker");
    }
  }

  void releaseWorker() {
    if (worker != null) {
      entity.release(worker);
      worker = null;
    }
  }

  /** Nothing more of the stream is stored. */
  void releaseTranscoders() {
    transcoders.values().forEach(entity::release);
    transcoders.clear();
  }

  void releaseAll() {
    releaseTranscoders();
    entity.release(playlists);
    releaseWorker();
  }

  private record Reports(String rendition, StreamEngine engine, ActorRef<Command> stream)
      implements TranscoderActor.Reports {
    @Override
    public void stored(long msn) {
      engine.stored(rendition, msn);
    }

    @Override
    public void waiting(MediaSegment segment) {
      stream.tell(new ShowUnstored(segment));
    }
  }
}
