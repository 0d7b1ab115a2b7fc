package io.millrace.media.segment;

import io.millrace.media.Codec;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.ladder.FrameRate;
import io.millrace.media.ladder.Ladder;
import io.millrace.media.ladder.LadderPlan;
import io.millrace.media.worker.AudioRungSettings;
import java.util.function.DoubleSupplier;

/** Decides on a new stream's rendition set, once its first session's tracks are known. */
final class RenditionPlanner {
  private final Context context;
  private final Renditions renditions;
  private final DoubleSupplier freeCores;
  private double costCores;

  RenditionPlanner(Context context, Renditions renditions, DoubleSupplier freeCores) {
    this.context = context;
    this.renditions = renditions;
    this.freeCores = freeCores;
  }

  void plan(Session session) {
    if (session.hasVideo) {
      double fps = FrameRate.snap(session.fps).perSecond();
      LadderPlan plan =
          Ladder.plan(session.video, fps, context.settings.ladder(), freeCores.getAsDouble());
      renditions.addSource(session.video, fps, plan.sourceEncoder(), plan.sourceFirst());
      plan.rungs().forEach(renditions::addRung);
      costCores = plan.costCores();
      if (!plan.leftOut().isEmpty()) {
        context.notice(
            "ladder.reduced",
            "Transcode capacity is short; left out: " + String.join(", ", plan.leftOut()));
      }
    }
    if (session.hasAudio) {
      renditions.addAudio(session.audio, audioEncoder(session.audio));
    }
  }

  private AudioRungSettings audioEncoder(AudioFormat format) {
    if (format.codec() == Codec.AAC) {
      return null;
    }
    int rate = format.sampleRate() == 44_100 ? 44_100 : 48_000;
    return new AudioRungSettings(
        rate, Math.min(2, Math.max(1, format.channels())), context.settings.audioBitrateBps());
  }

  /** The set was planned by a predecessor. */
  void restored(Session session) {
    if (session.hasVideo && costCores == 0) {
      costCores =
          Ladder.cost(session.video, renditions.frameRate(), renditions.encoderSettings(false));
    }
  }

  /** Estimated cores of the rungs; 0 before there is a plan. */
  double costCores() {
    return costCores;
  }
}
