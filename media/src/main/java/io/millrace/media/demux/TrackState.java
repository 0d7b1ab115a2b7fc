package io.millrace.media.demux;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;
import java.util.Arrays;

/** One track of a publisher: its clock, its configuration and how often that changed. */
final class TrackState {
  private final TrackKind kind;
  private final TimestampUnwrapper clock = new TimestampUnwrapper();
  private int generation;
  private Codec codec;
  private byte[] rawConfig;

  TrackState(TrackKind kind) {
    this.kind = kind;
  }

  long unwrap(long timestampMs32) {
    return clock.unwrap(timestampMs32);
  }

  /** Frames of {@code frameCodec} can be passed on. */
  boolean isConfiguredFor(Codec frameCodec) {
    return codec == frameCodec;
  }

  /** The configuration is already in force, byte for byte. */
  boolean isSame(Codec newCodec, byte[] config) {
    return codec == newCodec && Arrays.equals(rawConfig, config);
  }

  /** Starts a generation. {@code normalised} is what goes on, {@code raw} what was sent. */
  MediaUnit configure(Codec newCodec, byte[] raw, byte[] normalised, long dtsMs) {
    codec = newCodec;
    rawConfig = raw;
    generation++;
    return unit(MediaUnit.Kind.CONFIG, dtsMs, 0, false, normalised);
  }

  /** A configuration was refused: frames are dropped until a valid one comes. */
  void deconfigure() {
    codec = null;
    rawConfig = null;
  }

  MediaUnit frame(long dtsMs, int compositionOffsetMs, boolean idr, byte[] data) {
    return unit(MediaUnit.Kind.FRAME, dtsMs, compositionOffsetMs, idr, data);
  }

  private MediaUnit unit(
      MediaUnit.Kind unitKind, long dtsMs, int compositionOffsetMs, boolean idr, byte[] data) {
    return new MediaUnit(
        0, unitKind, kind, codec, generation, dtsMs, compositionOffsetMs, idr, data);
  }
}
