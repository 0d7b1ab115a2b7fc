package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_is_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_ref;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.Pointer;

/**
 * One rung of the ladder: its scalers, its picture and its encoder. Active with divisor 1 until
 * told otherwise. Confined to the codec thread.
 */
final class VideoRung implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  private final RungSettings settings;
  private final VideoEncoder encoder;
  private final FrameThinner thinner;
  private final AVFrame picture;
  private final AVFrame passed;
  private final Scaler[] scalers = new Scaler[2];
  private int lastScaler;
  private RungSwitch current;
  private RungSwitch pending;
  private int dropped;

  VideoRung(RungSettings settings) throws NativeException {
    this.settings = settings;
    encoder = new VideoEncoder(settings);
    thinner = new FrameThinner(settings.frameRate());
    current = new RungSwitch(settings.name(), true, 1);
    passed = Native.check(av_frame_alloc(), "av_frame_alloc");
    picture = Native.check(av_frame_alloc(), "av_frame_alloc");
    picture.format(AV_PIX_FMT_YUV420P).width(settings.width()).height(settings.height());
    Native.check(av_frame_get_buffer(picture, ALIGNMENT), "av_frame_get_buffer");
    blacken();
  }

  private void blacken() {
    for (int plane = 0; plane < 3; plane++) {
      long rows = plane == 0 ? settings.height() : (settings.height() + 1) / 2;
      Pointer.memset(picture.data(plane), plane == 0 ? 16 : 128, rows * picture.linesize(plane));
    }
  }

  RungSettings settings() {
    return settings;
  }

  VideoEncoder encoder() {
    return encoder;
  }

  /** From the next IDR on; a suspension at once. */
  void change(RungSwitch next) {
    pending = next;
    if (!next.active()) {
      current = next;
    }
  }

  /**
   * Whether this frame is encoded here. Counts it as dropped when the rung is active and thinned.
   */
  boolean wants(WorkerUnit unit, boolean idr, double sourceFps) {
    if (idr && pending != null) {
      current = pending;
      pending = null;
    }
    if (!current.active()) {
      return false;
    }
    boolean keep = thinner.keep(unit.pts(), idr, current.divisor(), sourceFps);
    if (!keep) {
      dropped++;
    }
    return keep;
  }

  /** Frames not encoded since the last call. */
  int takeDropped() {
    int count = dropped;
    dropped = 0;
    return count;
  }

  /**
   * The frame in this rung's size, valid until the next call: {@code frame} itself where nothing is
   * to be scaled.
   */
  AVFrame scale(AVFrame frame) throws NativeException {
    Scaler.Shape shape = Scaler.Shape.of(frame);
    if (shape.isPlainYuv420()
        && shape.width() == settings.width()
        && shape.height() == settings.height()) {
      av_frame_unref(passed);
      Native.check(av_frame_ref(passed, frame), "av_frame_ref");
      return passed;
    }
    if (av_frame_is_writable(picture) == 0) { // an encoder still reads the last one
      closeScalers();
      Native.check(av_frame_make_writable(picture), "av_frame_make_writable");
    }
    scaler(shape).scale(frame);
    return picture;
  }

  /** Two are kept: one from the source, one from the next larger rung. */
  private Scaler scaler(Scaler.Shape shape) throws NativeException {
    for (int i = 0; i < scalers.length; i++) {
      if (scalers[i] != null && scalers[i].takes(shape)) {
        lastScaler = i;
        return scalers[i];
      }
    }
    int slot = scalers[lastScaler] == null ? lastScaler : 1 - lastScaler;
    if (scalers[slot] != null) {
      scalers[slot].close();
      scalers[slot] = null;
    }
    blacken();
    scalers[slot] = new Scaler(shape, picture, false);
    lastScaler = slot;
    return scalers[slot];
  }

  void release() {
    av_frame_unref(passed);
  }

  private void closeScalers() {
    for (int i = 0; i < scalers.length; i++) {
      if (scalers[i] != null) {
        scalers[i].close();
        scalers[i] = null;
      }
    }
  }

  @Override
  public void close() {
    closeScalers();
    encoder.close();
    av_frame_free(picture);
    av_frame_free(passed);
  }
}
