package io.millrace.media.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.avutil.AVFrame.AV_FRAME_FLAG_INTERLACED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class ScalerTest {
  private static final int DARK = 40;
  private static final int BRIGHT = 200;

  @Test
  void showsOneFieldOfAnInterlacedFrame() throws NativeException {
    AVFrame combed = combed(1920, 1080);
    combed.flags(combed.flags() | AV_FRAME_FLAG_INTERLACED);
    assertThat(scaledLuma(combed)).containsExactly(DARK);
    av_frame_free(combed);
  }

  @Test
  void showsAllLinesOfAProgressiveFrame() throws NativeException {
    AVFrame combed = combed(1920, 1080);
    assertThat(scaledLuma(combed)).doesNotContain(DARK).allMatch(luma -> luma > 80 && luma < 160);
    av_frame_free(combed);
  }

  /** Lines of the top field are dark, those of the bottom field are bright. */
  private static AVFrame combed(int width, int height) throws NativeException {
    AVFrame frame = frame(width, height);
    for (int y = 0; y < height; y++) {
      Pointer line = frame.data(0).getPointer((long) y * frame.linesize(0));
      Pointer.memset(line, y % 2 == 0 ? DARK : BRIGHT, width);
    }
    Pointer.memset(frame.data(1), 128, (long) height / 2 * frame.linesize(1));
    Pointer.memset(frame.data(2), 128, (long) height / 2 * frame.linesize(2));
    return frame;
  }

  private static Set<Integer> scaledLuma(AVFrame from) throws NativeException {
    AVFrame to = frame(640, 360);
    Set<Integer> values = new TreeSet<>();
    try (Scaler scaler = new Scaler(Scaler.Shape.of(from), to, false)) {
      scaler.scale(from);
      for (int y = 0; y < 360; y++) {
        values.add(to.data(0).get((long) y * to.linesize(0) + 320) & 0xff);
      }
    }
    av_frame_free(to);
    return values;
  }

  private static AVFrame frame(int width, int height) throws NativeException {
    AVFrame frame = Native.check(av_frame_alloc(), "av_frame_alloc");
    frame.format(AV_PIX_FMT_YUV420P).width(width).height(height);
    Native.check(av_frame_get_buffer(frame, 0), "av_frame_get_buffer");
    return frame;
  }
}
