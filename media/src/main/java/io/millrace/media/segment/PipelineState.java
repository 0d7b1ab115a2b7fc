package io.millrace.media.segment;

import io.millrace.media.Presentation;
import io.millrace.media.worker.AudioRungSettings;
import io.millrace.media.worker.RungSettings;
import java.util.List;

/**
 * What an owner's successor needs to go on with a stream; persisted beside the segments that were
 * reported {@linkplain StreamPipeline#stored stored}. Null where not known.
 *
 * @param schema version of this layout, {@value #SCHEMA}
 * @param presentation frozen rendition set and target duration
 * @param encoders frozen settings of every H.264 encoder of this stream, from the largest; the one
 *     named {@code source} is used only while the source is cut by the encoder
 * @param audioEncoder frozen settings of transcoded audio, or null
 * @param session publisher lease of {@code resume}
 * @param sessionLive false once the publisher of {@code session} is gone
 * @param pdtBaseMs Unix time of media time 0, ms
 * @param lastUnitWallMs Unix time at which the newest unit came in, ms
 * @param lastEnd90k media time at which the newest segment ended, 90 kHz ticks
 * @param renditions progress of each rendition, presentation order
 * @param openSpans segments that are cut but not stored in every active rendition, oldest first
 * @param resume where the replay of {@code session} starts
 */
public record PipelineState(
    int schema,
    Presentation presentation,
    List<RungSettings> encoders,
    AudioRungSettings audioEncoder,
    long session,
    boolean sessionLive,
    long pdtBaseMs,
    long lastUnitWallMs,
    long lastEnd90k,
    List<RenditionProgress> renditions,
    List<SpanState> openSpans,
    ResumePoint resume) {

  public static final int SCHEMA = 1;

  public PipelineState {
    encoders = List.copyOf(encoders);
    renditions = List.copyOf(renditions);
    openSpans = List.copyOf(openSpans);
  }

  /**
   * @param nextMsn media sequence number of the first segment that is not stored
   * @param nextTicks {@code tfdt} at which it starts, in {@code timescale}
   * @param timescale 90000 for video, the sample rate for audio
   * @param initName init segment of the newest stored segment, empty if none
   * @param suspended rung was suspended by load shedding
   */
  public record RenditionProgress(
      String name,
      long nextMsn,
      long nextTicks,
      int timescale,
      String initName,
      boolean suspended) {}

  /** A time span that is one segment in every rendition; media time in 90 kHz ticks. */
  public record SpanState(long msn, long start90k, long end90k, boolean discontinuity) {}

  /**
   * Everything that replaying the relay's units from {@code seq} depends on.
   *
   * @param seq first unit that is needed
   * @param msn segment that the replay starts with
   * @param start90k its start
   * @param discontinuity a DISCONTINUITY stands before it
   * @param videoOffset90k media time minus publisher time of the video track, 90 kHz ticks
   * @param audioOffset90k the same of the audio track
   * @param compositionShift90k D
   * @param idrInterval90k last distance of two source IDRs, 0 for none
   * @param encodedFrom90k origin of the cut grid while cut by the encoder, −1 otherwise
   * @param audioSeq unit that is the first audio frame of the replay, −1 for none
   * @param audioSample its position in samples
   * @param videoConfig the video configuration in force, or null
   * @param audioConfig the audio configuration in force, or null
   */
  public record ResumePoint(
      long seq,
      long msn,
      long start90k,
      boolean discontinuity,
      long videoOffset90k,
      long audioOffset90k,
      long compositionShift90k,
      long idrInterval90k,
      long encodedFrom90k,
      long audioSeq,
      long audioSample,
      TrackConfig videoConfig,
      TrackConfig audioConfig) {}

  /**
   * @param codec name of a {@link io.millrace.media.Codec}
   * @param generation in the publisher's session
   * @param recordBase64 the configuration record
   */
  public record TrackConfig(String codec, int generation, String recordBase64) {}
}
