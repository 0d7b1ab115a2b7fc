package io.millrace.node.relay;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.TrackKind;

/** Units with payloads that mean nothing. */
final class Units {
  private Units() {}

  static MediaUnit video(long seq, long dtsMs, boolean idr, int size) {
    return new MediaUnit(
        seq, MediaUnit.Kind.FRAME, TrackKind.VIDEO, Codec.H264, 1, dtsMs, 0, idr, new byte[size]);
  }

  static MediaUnit videoConfig(long seq) {
    return new MediaUnit(
        seq, MediaUnit.Kind.CONFIG, TrackKind.VIDEO, Codec.H264, 1, 0, 0, false, new byte[] {1});
  }
}
