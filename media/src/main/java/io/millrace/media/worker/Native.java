package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Return codes and memory of the native libraries. */
final class Native {
  /** "Give me more input" (send) or "take the output first" (receive). */
  static final int EAGAIN = avutil.AVERROR_EAGAIN();

  static final int EOF = AVERROR_EOF;

  private Native() {}

  /** Returns {@code code}, or throws when it is an error. */
  static int check(int code, String call) throws NativeException {
    if (code < 0) {
      throw new NativeException(call + ": " + text(code));
    }
    return code;
  }

  /** Returns {@code pointer}, or throws when the library returned NULL (out of memory). */
  static <P extends Pointer> P check(P pointer, String call) throws NativeException {
    if (pointer == null || pointer.isNull()) {
      throw new NativeException(call + ": NULL");
    }
    return pointer;
  }

  static String text(int code) {
    byte[] buffer = new byte[128];
    av_strerror(code, buffer, buffer.length);
    int end = 0;
    while (end < buffer.length && buffer[end] != 0) {
      end++;
    }
    return new String(buffer, 0, end, StandardCharsets.US_ASCII) + " (" + code + ")";
  }

  /** Gives {@code context} its own padded copy, which it frees. */
  static void setExtradata(AVCodecContext context, byte[] extradata) throws NativeException {
    if (extradata.length == 0) {
      return;
    }
    long allocated = extradata.length + (long) avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
    BytePointer copy = new BytePointer(check(av_malloc(allocated), "av_malloc"));
    copy.capacity(allocated);
    Pointer.memset(copy, 0, allocated);
    copy.put(extradata, 0, extradata.length);
    context.extradata(copy).extradata_size(extradata.length);
  }

  static byte[] extradata(AVCodecContext context) {
    byte[] copy = new byte[context.extradata_size()];
    if (copy.length > 0) {
      context.extradata().get(copy, 0, copy.length);
    }
    return copy;
  }
}
