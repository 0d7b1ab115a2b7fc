package io.millrace.media;

import java.util.Objects;

/**
 * One thing a publisher sent, after demuxing and before any timeline: a codec configuration or one
 * access unit / audio frame. Immutable by convention: nobody writes into {@link #payload()}.
 * Equality is not by payload.
 *
 * @param seq number within the publisher's session, from 0, without holes; assigned by the ingest
 *     relay, the key of acknowledgement and replay
 * @param kind configuration or frame
 * @param track video or audio
 * @param codec codec of this track
 * @param generation counts the configurations of this track in this session, from 1; a frame
 *     carries the generation of the configuration that it needs
 * @param dtsMs decode time in the publisher's clock, ms, with the 32-bit wrap already unwrapped; of
 *     a configuration, the time of its message
 * @param compositionOffsetMs PTS − DTS in ms, signed; 0 for audio and configurations
 * @param idr true IDR (H.264 NAL type 5, HEVC IDR_*, AV1 key frame); never taken from the FLV flag;
 *     true for every audio frame
 * @param payload configuration: avcC / hvcC / av1C / AudioSpecificConfig / OpusHead / {@code fLaC}
 *     and STREAMINFO / header of an MP3 or AC-3 frame; frame: length-prefixed NAL units (4-byte
 *     lengths), AV1 OBUs without temporal delimiters, or one raw audio frame
 */
public record MediaUnit(
    long seq,
    Kind kind,
    TrackKind track,
    Codec codec,
    int generation,
    long dtsMs,
    int compositionOffsetMs,
    boolean idr,
    byte[] payload) {

  /** What a unit holds. */
  public enum Kind {
    CONFIG,
    FRAME
  }

  public MediaUnit {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(track, "track");
    Objects.requireNonNull(codec, "codec");
    Objects.requireNonNull(payload, "payload");
  }

  public boolean isVideo() {
    return track == TrackKind.VIDEO;
  }

  public boolean isConfig() {
    return kind == Kind.CONFIG;
  }

  public long ptsMs() {
    return dtsMs + compositionOffsetMs;
  }

  /** The same unit with the sequence number that the relay gives it. */
  public MediaUnit withSeq(long newSeq) {
    return new MediaUnit(
        newSeq, kind, track, codec, generation, dtsMs, compositionOffsetMs, idr, payload);
  }

  @Override
  public String toString() {
    return "MediaUnit[seq="
        + seq
        + ", "
        + kind
        + " "
        + codec
        + " gen="
        + generation
        + ", dtsMs="
        + dtsMs
        + (idr && isVideo() ? ", IDR" : "")
        + ", "
        + payload.length
        + " bytes]";
  }
}
