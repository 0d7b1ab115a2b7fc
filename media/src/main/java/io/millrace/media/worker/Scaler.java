package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.avutil.AVFrame.AV_FRAME_FLAG_INTERLACED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Bicubic scaling of frames of one shape into a frame of fixed size (4:2:0, 8-bit), letterboxed
 * where the display aspect differs. Of an interlaced frame only the top field is used: half the
 * lines, but no combing.
 */
final class Scaler implements AutoCloseable {
  /** What a scaler depends on of its input. */
  record Shape(
      int width,
      int height,
      int format,
      boolean fullRange,
      boolean interlaced,
      int sarNum,
      int sarDen) {
    static Shape of(AVFrame frame) {
      int format = frame.format();
      boolean jpeg =
          format == AV_PIX_FMT_YUVJ420P
              || format == AV_PIX_FMT_YUVJ422P
              || format == AV_PIX_FMT_YUVJ444P;
      int num = frame.sample_aspect_ratio().num();
      int den = frame.sample_aspect_ratio().den();
      boolean square = num <= 0 || den <= 0 || num == den;
      return new Shape(
          frame.width(),
          frame.height(),
          format,
          jpeg || frame.color_range() == AVCOL_RANGE_JPEG,
          (frame.flags() & AV_FRAME_FLAG_INTERLACED) != 0 && frame.height() % 4 == 0,
          square ? 1 : num,
          square ? 1 : den);
    }

    boolean isPlainYuv420() {
      return format == AV_PIX_FMT_YUV420P && !fullRange && !interlaced && sarNum == sarDen;
    }

    /** Lines that are read. */
    int lines() {
      return interlaced ? height / 2 : height;
    }
  }

  private static final int CENTRE = 1 << 16;

  private final Shape from;
  private final SwsContext context;
  private final PointerPointer<BytePointer> target = new PointerPointer<>(4);
  private final IntPointer targetStrides = new IntPointer(4);
  private final IntPointer sourceStrides = new IntPointer(4);

  /** {@code to} must keep its buffers as long as this scaler is used. */
  Scaler(Shape from, AVFrame to, boolean toFullRange) throws NativeException {
    this.from = from;
    Fit fit = Fit.into(from, to.width(), to.height());
    context =
        Native.check(
            sws_getContext(
                from.width(),
                from.lines(),
                from.format(),
                fit.width(),
                fit.height(),
                to.format(),
                SWS_BICUBIC,
                null,
                null,
                (DoublePointer) null),
            "sws_getContext");
    // The same matrix on both sides: tags are copied, only the range is converted.
    IntPointer matrix = swscale.sws_getCoefficients(swscale.SWS_CS_DEFAULT);
    // Fails for formats without a range; they need no conversion.
    sws_setColorspaceDetails(
        context, matrix, from.fullRange() ? 1 : 0, matrix, toFullRange ? 1 : 0, 0, CENTRE, CENTRE);
    for (int plane = 0; plane < 3; plane++) {
      int shift = plane == 0 ? 0 : 1;
      int stride = to.linesize(plane);
      long offset = (long) (fit.y() >> shift) * stride + (fit.x() >> shift);
      target.put(plane, new BytePointer(to.data(plane)).position(offset));
      targetStrides.put(plane, stride);
    }
    target.put(3, null);
    targetStrides.put(3, 0);
  }

  boolean takes(Shape shape) {
    return from.equals(shape);
  }

  void scale(AVFrame frame) throws NativeException {
    for (int plane = 0; plane < 4; plane++) {
      sourceStrides.put(plane, frame.linesize(plane) * (from.interlaced() ? 2 : 1));
    }
    Native.check(
        sws_scale(context, frame.data(), sourceStrides, 0, from.lines(), target, targetStrides),
        "sws_scale");
  }

  @Override
  public void close() {
    sws_freeContext(context);
    target.deallocate();
    targetStrides.deallocate();
    sourceStrides.deallocate();
  }

  /** Where the picture stands inside the output; even numbers, centred. */
  record Fit(int x, int y, int width, int height) {
    static Fit into(Shape from, int width, int height) {
      double aspect =
          (double) from.width() * from.sarNum() / ((double) from.height() * from.sarDen());
      int fitWidth = Math.min(width, even(height * aspect));
      int fitHeight = Math.min(height, even(width / aspect));
      // Within two pixels of the full size it is rounding, not another aspect.
      if (width - fitWidth <= 2 && height - fitHeight <= 2) {
        return new Fit(0, 0, width, height);
      }
      return new Fit((width - fitWidth) / 4 * 2, (height - fitHeight) / 4 * 2, fitWidth, fitHeight);
    }

    private static int even(double value) {
      return Math.max(2, (int) Math.round(value / 2) * 2);
    }
  }
}
