package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * AAC-LC frames with the encoder's initial padding subtracted: a packet's time is that of the
 * samples that a decoder puts out for it. The priming packet before the first sample, and packets
 * that lie before the unit's {@code encodeFromPts}, are discarded.
 */
final class AacEncoder implements AutoCloseable {
  /** Takes one AAC frame; {@code pts} counts samples. */
  interface PacketSink {
    void packet(WorkerUnit unit, long pts, byte[] data);
  }

  private static final int UNITS = 16;

  private final AudioRungSettings settings;
  private final PacketSink sink;
  private final AVPacket packet;
  private final byte[] audioSpecificConfig;
  private final WorkerUnit[] units = new WorkerUnit[UNITS];
  private AVCodecContext context;
  private WorkerUnit lastUnit;
  private long firstSample;

  AacEncoder(AudioRungSettings settings, PacketSink sink) throws NativeException {
    this.settings = settings;
    this.sink = sink;
    packet = Native.check(av_packet_alloc(), "av_packet_alloc");
    context = open(settings);
    audioSpecificConfig = Native.extradata(context);
  }

  private static AVCodecContext open(AudioRungSettings s) throws NativeException {
    AVCodec aac = Native.check(avcodec_find_encoder_by_name("aac"), "aac");
    AVCodecContext context = Native.check(avcodec_alloc_context3(aac), "avcodec_alloc_context3");
    context.sample_fmt(AV_SAMPLE_FMT_FLTP).sample_rate(s.sampleRate()).bit_rate(s.bitrateBps());
    context.time_base().num(1).den(s.sampleRate());
    context.thread_count(1);
    context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    av_channel_layout_default(context.ch_layout(), s.channels());
    int opened = avcodec_open2(context, aac, (AVDictionary) null);
    if (opened < 0) {
      avcodec_free_context(context);
      throw new NativeException("avcodec_open2 aac: " + Native.text(opened));
    }
    return context;
  }

  byte[] audioSpecificConfig() {
    return audioSpecificConfig;
  }

  /** The unit of the newest frame; null before the first. */
  WorkerUnit lastUnit() {
    return lastUnit;
  }

  /** Frames from this grid position on follow. */
  void start(long sample) {
    firstSample = sample;
  }

  void encode(AVFrame frame, WorkerUnit unit) throws NativeException {
    lastUnit = unit;
    units[slot(frame.pts())] = unit;
    Native.check(avcodec_send_frame(context, frame), "avcodec_send_frame");
    receive();
  }

  /** Takes out what the encoder holds back and opens it again. */
  void drain() throws NativeException {
    Native.check(avcodec_send_frame(context, null), "avcodec_send_frame");
    receive();
    avcodec_free_context(context);
    context = open(settings);
  }

  private void receive() throws NativeException {
    while (true) {
      int received = avcodec_receive_packet(context, packet);
      if (received == Native.EAGAIN || received == Native.EOF) {
        return;
      }
      Native.check(received, "avcodec_receive_packet");
      deliver(packet.pts());
      av_packet_unref(packet);
    }
  }

  private void deliver(long pts) {
    WorkerUnit unit = units[slot(pts)];
    if (pts < firstSample || unit == null) {
      return;
    }
    long from = Math.floorDiv(unit.encodeFromPts() * settings.sampleRate(), 90_000L);
    if (pts < from) {
      return;
    }
    byte[] data = new byte[packet.size()];
    packet.data().get(data, 0, data.length);
    sink.packet(unit, pts, data);
  }

  private static int slot(long pts) {
    return (int) Math.floorMod(Math.floorDiv(pts, (long) AacGrid.FRAME), (long) UNITS);
  }

  @Override
  public void close() {
    av_packet_free(packet);
    avcodec_free_context(context);
  }
}
