package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_COPY_OPAQUE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import io.millrace.media.Codec;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * One native decoder, chosen by codec and opened on validated parameter sets; no probing. One
 * thread: frame threads would add delay. Confined to the codec thread.
 */
final class Decoder implements AutoCloseable {
  /** Takes one decoded frame, which is valid during the call only. */
  interface FrameSink {
    void frame(AVFrame frame, WorkerUnit unit) throws NativeException;
  }

  private static final int TIME_BASE = 90_000;

  private static final int FLAC_STREAM_INFO_BYTES = 34;
  private static final byte[] NONE = {};

  /** The faster AV1 decoder, where the native build has it. */
  private static final String DAV1D = "libdav1d";

  private final AVCodecContext context;
  private final AVPacket packet;
  private final AVFrame frame;
  private final UnitsInFlight units = new UnitsInFlight();
  private final OpaqueTag tag = new OpaqueTag();
  private final FrameSink sink;
  private long errors;

  /**
   * @param reorderFrames frames that may be held back for reordering, where the parameter sets do
   *     not say it (H.264 without bitstream restrictions)
   */
  Decoder(Codec codec, byte[] extradata, int channels, int reorderFrames, FrameSink sink)
      throws NativeException {
    this.sink = sink;
    AVCodec native0 = Native.check(avcodec_find_decoder_by_name(name(codec)), name(codec));
    context = Native.check(avcodec_alloc_context3(native0), "avcodec_alloc_context3");
    packet = Native.check(av_packet_alloc(), "av_packet_alloc");
    frame = Native.check(av_frame_alloc(), "av_frame_alloc");
    context.flags(context.flags() | AV_CODEC_FLAG_COPY_OPAQUE);
    context.thread_count(1);
    context.has_b_frames(reorderFrames);
    context.pkt_timebase().num(1).den(TIME_BASE);
    if (channels > 0) {
      avutil.av_channel_layout_default(context.ch_layout(), channels);
    }
    Native.setExtradata(context, parameters(codec, extradata));
    AVDictionary options = new AVDictionary(null);
    if (name(codec).equals(DAV1D)) {
      avutil.av_dict_set(options, "max_frame_delay", "1", 0);
    }
    int opened = avcodec_open2(context, native0, options);
    avutil.av_dict_free(options);
    if (opened < 0) {
      close();
      throw new NativeException("avcodec_open2 " + name(codec) + ": " + Native.text(opened));
    }
  }

  private static String name(Codec codec) {
    return switch (codec) {
      case H264 -> "h264";
      case HEVC -> "hevc";
      case AV1 -> avcodec_find_decoder_by_name(DAV1D) != null ? DAV1D : "libaom-av1";
      case AAC -> "aac";
      case OPUS -> "opus";
      case MP3 -> "mp3float";
      case FLAC -> "flac";
      case AC3 -> "ac3";
    };
  }

  /** What the decoder itself wants of the configuration. */
  private static byte[] parameters(Codec codec, byte[] extradata) {
    return switch (codec) {
      case MP3, AC3 -> NONE; // a frame header: every frame has its own
      case FLAC -> streamInfo(extradata);
      default -> extradata;
    };
  }

  /** STREAMINFO without the stream marker and block header before it (RFC 9639 §8). */
  private static byte[] streamInfo(byte[] extradata) {
    int from = Math.max(0, extradata.length - FLAC_STREAM_INFO_BYTES);
    if (extradata.length >= 4 + 4 + FLAC_STREAM_INFO_BYTES && extradata[0] == 'f') {
      from = 4 + 4;
    }
    int to = Math.min(extradata.length, from + FLAC_STREAM_INFO_BYTES);
    return Arrays.copyOfRange(extradata, from, to);
  }

  /** Decodes one unit; every frame that is ready goes to the sink. Bad data is only counted. */
  void decode(WorkerUnit unit) throws NativeException {
    byte[] data = unit.data();
    if (data.length == 0) {
      errors++;
      return;
    }
    Native.check(av_new_packet(packet, data.length), "av_new_packet");
    packet.data().put(data, 0, data.length);
    packet.pts(unit.pts()).dts(unit.dts()).opaque(tag.of(units.add(unit)));
    if (unit.idr()) {
      packet.flags(packet.flags() | AV_PKT_FLAG_KEY);
    }
    int sent = avcodec_send_packet(context, packet);
    av_packet_unref(packet);
    if (sent < 0) {
      errors++;
    }
    receive();
  }

  /** All frames come out; afterwards the decoder waits for an IDR as if newly opened. */
  void drain() throws NativeException {
    int sent = avcodec_send_packet(context, null);
    if (sent < 0 && sent != Native.EOF) {
      errors++;
    }
    receive();
    avcodec_flush_buffers(context);
  }

  private void receive() throws NativeException {
    while (true) {
      int received = avcodec_receive_frame(context, frame);
      if (received == Native.EAGAIN || received == Native.EOF) {
        return;
      }
      if (received < 0) {
        errors++;
        return;
      }
      try {
        WorkerUnit unit = units.find(frame.opaque());
        if (unit == null) {
          errors++;
        } else {
          sink.frame(frame, unit);
        }
      } finally {
        av_frame_unref(frame);
      }
    }
  }

  /** Frame rate by the bitstream, 0 when it has none. */
  double frameRate() {
    int den = context.framerate().den();
    return den <= 0 ? 0 : (double) context.framerate().num() / den;
  }

  long errors() {
    return errors;
  }

  @Override
  public void close() {
    av_frame_free(frame);
    av_packet_free(packet);
    avcodec_free_context(context);
  }
}
