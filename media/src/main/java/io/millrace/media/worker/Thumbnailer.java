package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_QSCALE;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.FF_QP2LAMBDA;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_is_writable;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Small JPEG pictures; reopened only when the shape of its input changes. */
final class Thumbnailer implements AutoCloseable {
  private static final int MAX_SIDE = 320;
  private static final int QUALITY = 4; // JPEG quantiser scale, 2 (best) to 31

  private Scaler.Shape shape;
  private Scaler scaler;
  private AVCodecContext context;
  private AVFrame picture;
  private AVPacket packet;
  private long count;

  byte[] jpeg(AVFrame from) throws NativeException {
    Scaler.Shape now = Scaler.Shape.of(from);
    if (!now.equals(shape) || av_frame_is_writable(picture) == 0) {
      close();
      open(now);
    }
    scaler.scale(from);
    picture.pts(count++).quality(QUALITY * FF_QP2LAMBDA);
    Native.check(avcodec_send_frame(context, picture), "avcodec_send_frame");
    Native.check(avcodec_receive_packet(context, packet), "avcodec_receive_packet");
    byte[] jpeg = new byte[packet.size()];
    packet.data().get(jpeg, 0, jpeg.length);
    av_packet_unref(packet);
    return jpeg;
  }

  private void open(Scaler.Shape from) throws NativeException {
    double width = (double) from.width() * from.sarNum() / from.sarDen();
    double scale = Math.min(1, MAX_SIDE / Math.max(width, from.height()));
    packet = Native.check(av_packet_alloc(), "av_packet_alloc");
    picture = Native.check(av_frame_alloc(), "av_frame_alloc");
    picture.format(AV_PIX_FMT_YUVJ420P).color_range(AVCOL_RANGE_JPEG);
    picture.width(even(width * scale)).height(even(from.height() * scale));
    Native.check(av_frame_get_buffer(picture, 0), "av_frame_get_buffer");
    scaler = new Scaler(from, picture, true);
    AVCodec mjpeg = Native.check(avcodec_find_encoder_by_name("mjpeg"), "mjpeg");
    context = Native.check(avcodec_alloc_context3(mjpeg), "avcodec_alloc_context3");
    context.width(picture.width()).height(picture.height()).pix_fmt(AV_PIX_FMT_YUVJ420P);
    context.color_range(AVCOL_RANGE_JPEG).thread_count(1);
    context.time_base().num(1).den(1);
    context.flags(context.flags() | AV_CODEC_FLAG_QSCALE);
    context.global_quality(QUALITY * FF_QP2LAMBDA);
    Native.check(avcodec_open2(context, mjpeg, (AVDictionary) null), "avcodec_open2 mjpeg");
    shape = from;
  }

  private static int even(double value) {
    return Math.max(2, (int) Math.round(value / 2) * 2);
  }

  @Override
  public void close() {
    shape = null;
    if (scaler != null) {
      scaler.close();
      scaler = null;
    }
    if (context != null) {
      avcodec_free_context(context);
      context = null;
    }
    if (picture != null) {
      av_frame_free(picture);
      picture = null;
    }
    if (packet != null) {
      av_packet_free(packet);
      packet = null;
    }
  }
}
