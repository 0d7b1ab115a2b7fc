package io.millrace.media;

/** Codecs that can be ingested. What an ingest does not know is dropped and counted before here. */
public enum Codec {
  H264(TrackKind.VIDEO),
  HEVC(TrackKind.VIDEO),
  AV1(TrackKind.VIDEO),
  AAC(TrackKind.AUDIO),
  OPUS(TrackKind.AUDIO),
  MP3(TrackKind.AUDIO),
  FLAC(TrackKind.AUDIO),
  AC3(TrackKind.AUDIO);

  private final TrackKind track;

  Codec(TrackKind track) {
    this.track = track;
  }

  public TrackKind track() {
    return track;
  }
}
