package io.millrace.media.publish;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Plays a source again and again with timestamps that go on: each round starts one frame after the
 * end of the longest track. Codec configurations and script data are sent in the first round only,
 * since they do not change.
 */
public final class LoopedTagSource implements TagSource {

  /** Opens the input from its start. */
  @FunctionalInterface
  public interface Opener {
    TagSource open() throws IOException;
  }

  private final Opener opener;
  private final Map<PublishTag.Type, TrackSpan> tracks = new HashMap<>();
  private TagSource round;
  private boolean firstRound = true;
  private long offsetMs;

  /** Opens the first round at once. */
  public LoopedTagSource(Opener opener) throws IOException {
    this.opener = opener;
    this.round = opener.open();
  }

  @Override
  public Optional<PublishTag> next() throws IOException {
    while (true) {
      Optional<PublishTag> tag = round.next();
      if (tag.isEmpty()) {
        if (tracks.isEmpty()) {
          return Optional.empty();
        }
        startNextRound();
      } else if (isMedia(tag.get())) {
        return Optional.of(timed(tag.get()));
      } else if (firstRound) {
        return tag;
      }
    }
  }

  @Override
  public void close() throws IOException {
    round.close();
  }

  private static boolean isMedia(PublishTag tag) {
    return tag.type() != PublishTag.Type.SCRIPT && !tag.isSequenceHeader();
  }

  private PublishTag timed(PublishTag tag) {
    tracks.computeIfAbsent(tag.type(), type -> new TrackSpan()).add(tag.timestampMs());
    return tag.at(tag.timestampMs() + offsetMs);
  }

  private void startNextRound() throws IOException {
    round.close();
    long start = tracks.values().stream().mapToLong(TrackSpan::firstMs).min().orElse(0);
    long end = tracks.values().stream().mapToLong(TrackSpan::endMs).max().orElse(0);
    offsetMs += Math.max(1, end - start);
    tracks.clear();
    firstRound = false;
    round = opener.open();
  }

  /** First and last time of a track in one round. */
  private static final class TrackSpan {
    private long firstMs;
    private long lastMs;
    private long count;

    void add(long timestampMs) {
      if (count == 0) {
        firstMs = timestampMs;
      }
      lastMs = timestampMs;
      count++;
    }

    long firstMs() {
      return firstMs;
    }

    /** Where the next frame would be, by the mean distance of frames. */
    long endMs() {
      return count < 2 ? lastMs + 1 : lastMs + Math.round((lastMs - firstMs) / (count - 1.0));
    }
  }
}
