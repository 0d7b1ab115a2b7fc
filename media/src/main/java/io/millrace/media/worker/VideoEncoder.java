package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_COPY_OPAQUE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * One H.264 encoder without delay: no B-frames, no look-ahead, IDRs only where they are forced. Two
 * encoders opened from equal settings write equal parameter sets. Confined to the codec thread.
 */
final class VideoEncoder implements AutoCloseable {
  /** Takes one encoded picture: length-prefixed slices. */
  interface PacketSink {
    void packet(WorkerUnit unit, long pts, long dts, boolean idr, byte[] data);
  }

  /** The H.264 encoder of this native build: x264 (GPL build), else OpenH264 (LGPL build). */
  static final String NAME =
      avcodec_find_encoder_by_name("libx264") != null ? "libx264" : "libopenh264";

  private static final int TIME_BASE = 90_000;
  private static final int NO_PERIODIC_IDR = Integer.MAX_VALUE;

  private final AVCodecContext context;
  private final AVPacket packet;
  private final UnitsInFlight units = new UnitsInFlight();
  private final OpaqueTag tag = new OpaqueTag();
  private final byte[] avcC;
  private byte[] scratch = new byte[64 * 1024];

  VideoEncoder(RungSettings settings) throws NativeException {
    AVCodec codec = Native.check(avcodec_find_encoder_by_name(NAME), NAME);
    context = Native.check(avcodec_alloc_context3(codec), "avcodec_alloc_context3");
    packet = Native.check(av_packet_alloc(), "av_packet_alloc");
    configure(settings);
    AVDictionary options = new AVDictionary(null);
    options(settings).forEach((key, value) -> avutil.av_dict_set(options, key, value, 0));
    int opened = avcodec_open2(context, codec, options);
    avutil.av_dict_free(options);
    if (opened < 0) {
      close();
      throw new NativeException("avcodec_open2 " + NAME + ": " + Native.text(opened));
    }
    avcC = AnnexB.avcC(Native.extradata(context));
  }

  private void configure(RungSettings s) {
    context.flags(context.flags() | AV_CODEC_FLAG_COPY_OPAQUE | AV_CODEC_FLAG_GLOBAL_HEADER);
    context.width(s.width()).height(s.height()).pix_fmt(AV_PIX_FMT_YUV420P);
    context.time_base().num(1).den(TIME_BASE);
    context.framerate().num(s.frameRateNum()).den(s.frameRateDen());
    context.sample_aspect_ratio().num(1).den(1);
    context.bit_rate(s.bitrateBps());
    context.rc_max_rate(s.maxrateBps());
    context.rc_buffer_size(s.bufsizeBits());
    context.gop_size(NO_PERIODIC_IDR);
    context.max_b_frames(0);
    context.thread_count(1);
    context.level(s.level());
    context.color_range(AVCOL_RANGE_MPEG);
    context.color_primaries(s.color().primaries());
    context.color_trc(s.color().transfer());
    context.colorspace(s.color().matrix());
  }

  private static Map<String, String> options(RungSettings s) {
    if (NAME.equals("libx264")) {
      return Map.of(
          "preset", "ultrafast",
          "tune", "zerolatency",
          "profile", s.profile(),
          "forced-idr", "1",
          "a53cc", "0",
          "x264-params", "scenecut=0:keyint=infinite:threads=1" + profileTools(s.profile()));
    }
    return Map.of(
        "profile",
        s.profile().equals("baseline") ? "constrained_baseline" : s.profile(),
        "rc_mode",
        "bitrate",
        "allow_skip_frames",
        "0",
        "coder",
        s.profile().equals("baseline") ? "cavlc" : "cabac");
  }

  /**
   * x264 writes the profile that its tools need, not the one that is allowed: the preset alone
   * always gives baseline. The cheapest tool of each profile makes the declared one true.
   */
  private static String profileTools(String profile) {
    return switch (profile) {
      case "high" -> ":8x8dct=1";
      case "main" -> ":cabac=1";
      default -> "";
    };
  }

  byte[] avcC() {
    return avcC;
  }

  /** Encodes {@code frame} at the unit's time; its pts, type and opaque are overwritten. */
  void encode(AVFrame frame, WorkerUnit unit, boolean forceIdr, PacketSink sink)
      throws NativeException {
    frame.pts(unit.pts());
    frame.pict_type(forceIdr ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE);
    frame.opaque(tag.of(units.add(unit)));
    Native.check(avcodec_send_frame(context, frame), "avcodec_send_frame");
    while (true) {
      int received = avcodec_receive_packet(context, packet);
      if (received == Native.EAGAIN) {
        return;
      }
      Native.check(received, "avcodec_receive_packet");
      try {
        deliver(sink);
      } finally {
        av_packet_unref(packet);
      }
    }
  }

  private void deliver(PacketSink sink) throws NativeException {
    WorkerUnit unit = units.find(packet.opaque());
    if (unit == null) {
      throw new NativeException("encoder packet: no source unit (expected: its opaque tag)");
    }
    int size = packet.size();
    if (scratch.length < size) {
      scratch = new byte[size * 2];
    }
    packet.data().get(scratch, 0, size);
    boolean idr = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
    sink.packet(unit, packet.pts(), packet.dts(), idr, AnnexB.lengthPrefixed(scratch, size));
  }

  @Override
  public void close() {
    av_packet_free(packet);
    avcodec_free_context(context);
  }
}
