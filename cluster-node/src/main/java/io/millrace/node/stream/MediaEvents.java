package io.millrace.node.stream;

import io.millrace.media.MediaPart;
import io.millrace.media.MediaSegment;
import io.millrace.media.segment.PipelineNotice;
import io.millrace.media.segment.PipelineStatus;
import io.millrace.node.stream.StreamActor.Command;
import io.millrace.node.stream.StreamActor.FromEngine;
import java.time.Duration;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What an owned stream does with what its media side tells: segments go to memory and to their
 * quality's transcoder, and into the state when they are stored. Confined to the stream's actor.
 */
final class MediaEvents {

  /** A rendition that is suspended for this long is not offered to viewers any more. */
  private static final Duration HIDE_SUSPENDED = Duration.ofSeconds(60);

  private final OwnedStream stream;
  private final StreamEntity entity;
  private final StreamLedger ledger;
  private final StreamChildren children;
  private final StreamReport report;
  private final StreamEnding ending;

  MediaEvents(
      OwnedStream stream,
      StreamEntity entity,
      StreamLedger ledger,
      StreamChildren children,
      StreamReport report,
      StreamEnding ending) {
    this.stream = stream;
    this.entity = entity;
    this.ledger = ledger;
    this.children = children;
    this.report = report;
    this.ending = ending;
  }

  /** Events of a predecessor's media side and of one that is over are ignored. */
  Behavior<Command> onFromEngine(FromEngine from) {
    boolean ended = entity.status() == StreamState.Status.ENDED;
    if (from.epoch() == entity.state().epoch() && !ended) {
      onEvent(from.event());
    }
    return Behaviors.same();
  }

  private void onEvent(EngineEvent event) {
    if (event instanceof EngineEvent.PartMade made) {
      onPartMade(made.part());
    } else if (event instanceof EngineEvent.SegmentMade made) {
      onSegmentMade(made.segment());
    } else if (event instanceof EngineEvent.SegmentStored stored) {
      onSegmentStored(stored);
    } else if (event instanceof EngineEvent.InitMade init) {
      onInitMade(init);
    } else if (event instanceof EngineEvent.Presented presented) {
      onPresented(presented);
    } else if (event instanceof EngineEvent.RelayLost lost) {
      stream.onRelayLost(lost.session());
    } else if (event instanceof EngineEvent.SessionOver over) {
      stream.onSessionOver(over.session());
    } else if (event instanceof EngineEvent.SessionRefused refused) {
      report.onNotice(new PipelineNotice("publish.refused", refused.text()));
      stream.onSessionRefused(refused.session(), refused.text());
    } else if (event instanceof EngineEvent.WorkerNeeded) {
      children.spawnWorker();
    } else if (event instanceof EngineEvent.Noticed noticed) {
      report.onNotice(noticed.notice());
    } else if (event instanceof EngineEvent.StatusTaken taken) {
      onStatus(taken.status());
    } else if (event instanceof EngineEvent.Failed failed) {
      throw new IllegalStateException("media pipeline failed", failed.cause());
    } else {
      throw new IllegalStateException("event: " + event + " (expected: one that is handled)");
    }
  }

  private void onPresented(EngineEvent.Presented presented) {
    ledger.present(presented.presentation(), monotonicMs());
    children.playlists().tell(new PlaylistActor.Present(presented.presentation()));
    children.spawnTranscoders(presented.presentation());
    report.publish();
  }

  private void onInitMade(EngineEvent.InitMade init) {
    entity.deps().edge().putObject(entity.streamId(), init.rendition(), init.name(), init.bytes());
    children
        .transcoder(init.rendition())
        .tell(new TranscoderActor.StoreInit(init.name(), init.bytes()));
  }

  private void onPartMade(MediaPart part) {
    entity
        .deps()
        .edge()
        .putObject(entity.streamId(), part.rendition(), part.ref().name(), part.bytes());
    stream.listing().onPart(part);
  }

  private void onSegmentMade(MediaSegment segment) {
    ledger.made(segment);
    if (segment.parts().isEmpty() && ledger.presentation().partTargetMillis() > 0) {
      stream.listing().onWithoutParts(segment);
    }
    if (!segment.ref().gap()) {
      entity.deps().edge().putSegment(entity.streamId(), segment);
    }
    children.transcoder(segment.rendition()).tell(new TranscoderActor.StoreSegment(segment));
  }

  private void onSegmentStored(EngineEvent.SegmentStored stored) {
    ledger.stored(
        stored.rendition(),
        stored.msn(),
        stored.state(),
        entity.keeper().nextVersion(),
        monotonicMs());
    stream.save(true);
    ending.onSegmentStored(stored.state());
  }

  private void onStatus(PipelineStatus status) {
    long hideBefore = System.nanoTime() - HIDE_SUSPENDED.toNanos();
    children
        .playlists()
        .tell(
            new PlaylistActor.Hide(
                status.renditions().stream()
                    .filter(r -> r.suspendedSinceNanos() != 0)
                    .filter(r -> r.suspendedSinceNanos() - hideBefore < 0)
                    .map(PipelineStatus.RenditionStatus::name)
                    .collect(Collectors.toUnmodifiableSet())));
    report.onStatus(status);
  }

  private static long monotonicMs() {
    return System.nanoTime() / 1_000_000;
  }
}
