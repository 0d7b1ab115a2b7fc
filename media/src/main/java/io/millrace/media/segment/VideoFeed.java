package io.millrace.media.segment;

import io.millrace.media.TrackKind;
import io.millrace.media.worker.RungSettings;
import io.millrace.media.worker.WorkerConfig;
import io.millrace.media.worker.WorkerUnit;
import java.util.List;
import java.util.Optional;

/** The way of a session's pictures to the worker. */
final class VideoFeed {
  private static final long NOW = Long.MIN_VALUE;

  private final Context context;
  private final Cuts cuts;
  private final Renditions renditions;
  private final Session session;
  private int generation;
  private long encodeFrom = NOW;
  private boolean skipping;

  VideoFeed(Context context, Cuts cuts, Renditions renditions, Session session) {
    this.context = context;
    this.cuts = cuts;
    this.renditions = renditions;
    this.session = session;
  }

  /**
   * The session's parameter sets are new, or what is made of it.
   *
   * @param withSource the encoder stands in for the source, where it can
   */
  void configure(boolean withSource) {
    List<RungSettings> encoders =
        renditions.encoderSettings(withSource && renditions.encodesSource());
    if (encoders.isEmpty()) {
      return;
    }
    context.workerGeneration++;
    generation = context.workerGeneration;
    context.feed.configure(
        new WorkerConfig(
            generation,
            TrackKind.VIDEO,
            session.video.codec(),
            session.video.configRecord(),
            encoders,
            Optional.empty()));
  }

  /** Pictures before this are only decoded. */
  void encodeFrom(long pts90k) {
    encodeFrom = pts90k;
  }

  long encodeFrom() {
    return encodeFrom;
  }

  int generation() {
    return generation;
  }

  /**
   * @param forceIdr a segment starts here although the source has no IDR
   * @param cutByEncoder every picture is needed for the cuts
   */
  void unit(VideoFrame frame, boolean forceIdr, boolean cutByEncoder) {
    if (!cutByEncoder && renditions.rungs().isEmpty()) {
      return;
    }
    if (frame.idr()) {
      skipping = context.dropGops && !cutByEncoder;
    }
    if (skipping) {
      cuts.open().thinnedOut = true;
      context.counters.add("shed.dropped-units");
      return;
    }
    context.feed.unit(
        new WorkerUnit(
            frame.seq(),
            generation,
            TrackKind.VIDEO,
            frame.dts(),
            frame.pts(),
            frame.idr(),
            forceIdr,
            encodeFrom,
            frame.data()));
  }
}
