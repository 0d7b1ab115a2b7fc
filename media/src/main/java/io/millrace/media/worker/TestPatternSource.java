package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import io.millrace.media.TrackKind;
import io.millrace.media.codec.ColorDescription;
import io.millrace.media.publish.PublishTag;
import io.millrace.media.publish.TagSource;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * An endless live source without a camera: a moving test picture in H.264 and a quiet tone in AAC
 * (48 kHz stereo), as FLV tags in sending order, script data and sequence headers first. Makes tags
 * as fast as it is asked; pacing is the publisher's. Uses the native codecs in the calling process;
 * used by one thread.
 */
public final class TestPatternSource implements TagSource {
  private static final int SAMPLE_RATE = 48_000;
  private static final int CHANNELS = 2;
  private static final int AUDIO_BPS = 128_000;
  private static final int BT709 = 1;
  private static final int ALIGNMENT = 64;
  private static final byte[] NO_DATA = {};

  private final TestPatternSettings settings;
  private final TestPicture picture;
  private final TestTone tone = new TestTone(SAMPLE_RATE);
  private final VideoEncoder video;
  private final AacEncoder audio;
  private final AVFrame videoFrame;
  private final AVFrame audioFrame;
  private final ArrayDeque<PublishTag> headers = new ArrayDeque<>();
  private final ArrayDeque<PublishTag> videoTags = new ArrayDeque<>();
  private final ArrayDeque<PublishTag> audioTags = new ArrayDeque<>();
  private final float[] sound = new float[AacGrid.FRAME];
  private long frames;
  private long samples;
  private boolean closed;

  /**
   * @throws IOException when the native encoders cannot be opened
   */
  public TestPatternSource(TestPatternSettings settings) throws IOException {
    this.settings = settings;
    av_log_set_level(AV_LOG_ERROR); // FFmpeg's own, of this process
    picture = new TestPicture(settings.width(), settings.height(), settings.fps());
    try {
      video = new VideoEncoder(videoSettings(settings));
      audio =
          new AacEncoder(
              new AudioRungSettings(SAMPLE_RATE, CHANNELS, AUDIO_BPS),
              (unit, pts, data) -> audioTags.add(audioTag(1, pts * 1000 / SAMPLE_RATE, data)));
      videoFrame = Native.check(av_frame_alloc(), "av_frame_alloc");
      videoFrame.format(AV_PIX_FMT_YUV420P).width(settings.width()).height(settings.height());
      Native.check(av_frame_get_buffer(videoFrame, ALIGNMENT), "av_frame_get_buffer");
      audioFrame = Native.check(av_frame_alloc(), "av_frame_alloc");
      audioFrame.format(AV_SAMPLE_FMT_FLTP).nb_samples(AacGrid.FRAME).sample_rate(SAMPLE_RATE);
      av_channel_layout_default(audioFrame.ch_layout(), CHANNELS);
      Native.check(av_frame_get_buffer(audioFrame, 0), "av_frame_get_buffer");
    } catch (NativeException e) {
      throw new IOException("test pattern: " + e.getMessage(), e);
    }
    headers.add(new PublishTag(PublishTag.Type.SCRIPT, 0, metadata()));
    headers.add(videoTag(true, 0, 0, video.avcC()));
    headers.add(audioTag(0, 0, audio.audioSpecificConfig()));
  }

  private static RungSettings videoSettings(TestPatternSettings s) {
    return new RungSettings(
        "test",
        s.width(),
        s.height(),
        s.fps(),
        1,
        s.videoBitrateBps(),
        s.videoBitrateBps() * 3 / 2,
        s.videoBitrateBps() * 2,
        "high",
        s.width() * s.height() > 1920 * 1088 ? 51 : s.fps() > 30 ? 42 : 41,
        new ColorDescription(BT709, BT709, BT709, false));
  }

  @Override
  public Optional<PublishTag> next() throws IOException {
    if (closed) {
      return Optional.empty();
    }
    if (!headers.isEmpty()) {
      return Optional.of(headers.remove());
    }
    try {
      while (videoTags.isEmpty()) {
        makeVideo();
      }
      while (audioTags.isEmpty()) {
        makeAudio();
      }
    } catch (NativeException e) {
      throw new IOException("test pattern: " + e.getMessage(), e);
    }
    boolean videoFirst = videoTags.element().timestampMs() <= audioTags.element().timestampMs();
    return Optional.of(videoFirst ? videoTags.remove() : audioTags.remove());
  }

  private void makeVideo() throws NativeException {
    Native.check(av_frame_make_writable(videoFrame), "av_frame_make_writable");
    PictureCanvas drawn = picture.draw(frames);
    for (int plane = 0; plane < 3; plane++) {
      int width = plane == 0 ? settings.width() : settings.width() / 2;
      int rows = plane == 0 ? settings.height() : settings.height() / 2;
      BytePointer target = videoFrame.data(plane);
      long stride = videoFrame.linesize(plane);
      for (int row = 0; row < rows; row++) {
        target.position(row * stride).put(drawn.plane(plane), row * width, width);
      }
    }
    boolean idr = frames % settings.keyframeIntervalFrames() == 0;
    WorkerUnit unit = unit(TrackKind.VIDEO, frames * 90_000 / settings.fps(), idr);
    frames++;
    video.encode(
        videoFrame,
        unit,
        idr,
        (from, pts, dts, key, data) -> videoTags.add(videoTag(key, 1, pts / 90, data)));
  }

  private void makeAudio() throws NativeException {
    Native.check(av_frame_make_writable(audioFrame), "av_frame_make_writable");
    for (int i = 0; i < AacGrid.FRAME; i++) {
      sound[i] = tone.sample(samples + i);
    }
    for (int channel = 0; channel < CHANNELS; channel++) {
      new FloatPointer(audioFrame.data(channel)).put(sound, 0, sound.length);
    }
    audioFrame.pts(samples);
    samples += AacGrid.FRAME;
    audio.encode(audioFrame, unit(TrackKind.AUDIO, 0, true));
  }

  private static WorkerUnit unit(TrackKind track, long time90k, boolean idr) {
    return new WorkerUnit(0, 1, track, time90k, time90k, idr, false, 0, NO_DATA);
  }

  /** FLV 10.1 §E.4.3: AVC, composition offset 0 as there are no B-frames. */
  private static PublishTag videoTag(boolean key, int packetType, long timeMs, byte[] data) {
    byte[] body = new byte[5 + data.length];
    body[0] = (byte) ((key ? 1 : 2) << 4 | 7);
    body[1] = (byte) packetType;
    System.arraycopy(data, 0, body, 5, data.length);
    return new PublishTag(PublishTag.Type.VIDEO, timeMs, body);
  }

  /** FLV 10.1 §E.4.2: AAC; the other bits of the first byte are fixed for it. */
  private static PublishTag audioTag(int packetType, long timeMs, byte[] data) {
    byte[] body = new byte[2 + data.length];
    body[0] = (byte) 0xaf;
    body[1] = (byte) packetType;
    System.arraycopy(data, 0, body, 2, data.length);
    return new PublishTag(PublishTag.Type.AUDIO, timeMs, body);
  }

  /** {@code onMetaData} and an ECMA array in AMF0 (FLV 10.1 §E.4.4). */
  private byte[] metadata() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(2);
    out.writeUTF("onMetaData");
    out.writeByte(8);
    out.writeInt(5);
    number(out, "width", settings.width());
    number(out, "height", settings.height());
    number(out, "framerate", settings.fps());
    number(out, "videodatarate", settings.videoBitrateBps() / 1000.0);
    number(out, "audiodatarate", AUDIO_BPS / 1000.0);
    out.writeShort(0);
    out.writeByte(9);
    return bytes.toByteArray();
  }

  private static void number(DataOutputStream out, String key, double value) throws IOException {
    out.writeUTF(key);
    out.writeByte(0);
    out.writeDouble(value);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      video.close();
      audio.close();
      av_frame_free(videoFrame);
      av_frame_free(audioFrame);
    }
  }
}
