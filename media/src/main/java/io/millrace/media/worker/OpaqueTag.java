package io.millrace.media.worker;

import org.bytedeco.javacpp.Pointer;

/**
 * A number in the shape of the {@code void *opaque} that FFmpeg carries from a packet to its frame
 * and from a frame to its packet ({@code AV_CODEC_FLAG_COPY_OPAQUE}). Never dereferenced; 0 is
 * NULL.
 */
final class OpaqueTag extends Pointer {
  OpaqueTag() {
    super((Pointer) null);
  }

  OpaqueTag of(long number) {
    address = number;
    return this;
  }

  static long number(Pointer opaque) {
    return opaque == null ? 0 : opaque.address();
  }
}
