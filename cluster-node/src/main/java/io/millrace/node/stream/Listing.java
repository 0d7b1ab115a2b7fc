package io.millrace.node.stream;

import io.millrace.media.MediaPart;
import io.millrace.media.MediaSegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * When a segment is shown and acknowledged: when a state that contains it is durable, or shown only
 * while the store does not answer, or takes so long that parts of the next segment wait. Nothing of
 * either happens while the owner itself is in doubt, or while its node sees no majority: another
 * owner may be about to take over. Confined to the stream's actor.
 */
final class Listing {
  private static final int MAX_HELD = 256;

  /** Parts that wait for a majority: of some segments in all renditions. */
  private static final int MAX_HELD_PARTS = 512;

  /**
   * When this part of the next segment is there, the segment before it has waited for a part's
   * duration; players with low latency have little more in hand.
   */
  private static final int LONG_WAITED = 1;

  private final StreamEntity entity;
  private final StreamLedger ledger;
  private final StreamEngine engine;
  private final ActorRef<PlaylistActor.Command> playlists;
  private final Deque<PlaylistActor.Show> unstored = new ArrayDeque<>();
  private final Deque<PlaylistActor.Command> parts = new ArrayDeque<>();
  private long saved;

  Listing(
      StreamEntity entity,
      StreamLedger ledger,
      StreamEngine engine,
      ActorRef<PlaylistActor.Command> playlists) {
    this.entity = entity;
    this.ledger = ledger;
    this.engine = engine;
    this.playlists = playlists;
  }

  /** The state is durable up to {@code version}. */
  void onSaved(long version) {
    saved = version;
    release();
  }

  /** The owner was confirmed, or its state is durable: what was held back meanwhile is shown. */
  void release() {
    if (!mayShow()) {
      return;
    }
    releaseParts();
    for (StreamLedger.Pending done : ledger.durable(saved)) {
      show(done);
      engine.durable(done.rendition(), done.ref().msn());
    }
    if (!unstored.isEmpty()) {
      showFromMemory();
    }
  }

  /**
   * A part is shown as soon as it is whole; it is never durable. The segment before it is shown
   * from memory if it still waits for the store.
   */
  void onPart(MediaPart part) {
    if (part.ref().index() == LONG_WAITED) {
      ledger
          .notDurable(part.rendition(), part.ref().msn() - 1)
          .ifPresent(whole -> showPart(new PlaylistActor.Show(part.rendition(), whole)));
    }
    showPart(
        new PlaylistActor.ShowPart(
            part.rendition(), part.ref(), part.parent(), part.last(), part.capturedAtNanos()));
  }

  /** In order with its parts. */
  void onWithoutParts(MediaSegment segment) {
    showPart(new PlaylistActor.WithdrawParts(segment.rendition(), segment.ref().msn()));
  }

  private void showPart(PlaylistActor.Command part) {
    parts.addLast(part);
    if (mayShow()) {
      releaseParts();
    } else if (parts.size() > MAX_HELD_PARTS) {
      parts.removeFirst();
    }
  }

  private void releaseParts() {
    parts.forEach(playlists::tell);
    parts.clear();
  }

  /** The store does not answer: what waits for it is shown from memory. */
  void onStoreInDoubt() {
    if (!mayShow()) {
      entity.keeper().doubtAgain();
      return;
    }
    showFromMemory();
  }

  private void showFromMemory() {
    ledger.waiting().forEach(this::show);
    unstored.forEach(playlists::tell);
    unstored.clear();
  }

  /** A segment that could not be stored for some time. */
  void onUnstored(MediaSegment segment) {
    unstored.addLast(new PlaylistActor.Show(segment.rendition(), segment.ref()));
    if (unstored.size() > MAX_HELD) {
      unstored.removeFirst();
    }
    onStoreInDoubt();
  }

  /** Without it, what is durable is shown when the next state is. */
  private boolean mayShow() {
    return !entity.inDoubt() && entity.deps().guards().view().majorityReachable();
  }

  private void show(StreamLedger.Pending pending) {
    playlists.tell(new PlaylistActor.Show(pending.rendition(), pending.ref()));
  }
}
