package io.millrace.media.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P10LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class ThumbnailerTest {
  private static final List<int[]> SIZES =
      List.of(
          new int[] {1280, 720, 320, 180},
          new int[] {854, 480, 320, 180},
          new int[] {640, 480, 320, 240},
          new int[] {480, 854, 180, 320},
          new int[] {1918, 1078, 320, 180},
          new int[] {426, 240, 320, 180},
          new int[] {98, 50, 98, 50},
          new int[] {16, 16, 16, 16},
          new int[] {2, 2, 2, 2},
          new int[] {7, 640, 4, 320});
  private static final List<Integer> FORMATS =
      List.of(
          AV_PIX_FMT_YUV420P,
          AV_PIX_FMT_YUVJ420P,
          AV_PIX_FMT_YUV422P,
          AV_PIX_FMT_YUV420P10LE,
          AV_PIX_FMT_GRAY8);

  @Test
  void takesAnySizeAndFormatInAnyOrder() throws Exception {
    try (Thumbnailer thumbnailer = new Thumbnailer()) {
      for (int format : FORMATS) {
        for (int[] size : SIZES) {
          AVFrame frame = frame(size[0], size[1], format);
          for (int again = 0; again < 3; again++) {
            BufferedImage image = read(thumbnailer.jpeg(frame));
            assertThat(image.getWidth()).isEqualTo(size[2]);
            assertThat(image.getHeight()).isEqualTo(size[3]);
          }
          av_frame_free(frame);
        }
      }
    }
  }

  @Test
  void showsPicturesInTheirDisplayAspect() throws Exception {
    try (Thumbnailer thumbnailer = new Thumbnailer()) {
      AVFrame frame = frame(720, 576, AV_PIX_FMT_YUV420P);
      frame.sample_aspect_ratio().num(64).den(45);
      BufferedImage image = read(thumbnailer.jpeg(frame));
      assertThat(image.getWidth()).isEqualTo(320);
      assertThat(image.getHeight()).isEqualTo(180);
      av_frame_free(frame);
    }
  }

  private static BufferedImage read(byte[] jpeg) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(jpeg));
  }

  private static AVFrame frame(int width, int height, int format) throws NativeException {
    AVFrame frame = Native.check(av_frame_alloc(), "av_frame_alloc");
    frame.format(format).width(width).height(height);
    Native.check(av_frame_get_buffer(frame, 0), "av_frame_get_buffer");
    for (int plane = 0; plane < 3 && frame.buf(plane) != null; plane++) {
      Pointer.memset(frame.buf(plane).data(), 40, frame.buf(plane).size());
    }
    return frame;
  }
}
