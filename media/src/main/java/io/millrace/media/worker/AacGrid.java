package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_audio_fifo_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_audio_fifo_free;
import static org.bytedeco.ffmpeg.global.avutil.av_audio_fifo_read;
import static org.bytedeco.ffmpeg.global.avutil.av_audio_fifo_size;
import static org.bytedeco.ffmpeg.global.avutil.av_audio_fifo_write;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import org.bytedeco.ffmpeg.avutil.AVAudioFifo;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Puts decoded samples on the grid of AAC frames: frame k holds the samples [1024 k, 1024 (k + 1))
 * counted from media time 0, whatever the worker saw before, so that a restarted worker cuts the
 * same frames. Source times only anchor the count; it is set anew when they are off by more than
 * 1.5 frames for 3 frames: a gap forward becomes silence, backward drops samples.
 */
final class AacGrid implements AutoCloseable {
  static final String RUNG = "audio";
  static final int FRAME = 1024;

  private static final int OFF_SAMPLES = FRAME * 3 / 2;
  private static final int OFF_FRAMES = 3;
  private static final int TICKS = 90_000;

  private final AudioRungSettings settings;
  private final AacEncoder encoder;
  private final AVAudioFifo fifo;
  private final AVFrame frame;
  private final PointerPointer<BytePointer> silence;
  private final BytePointer zeros;
  private boolean anchored;
  private long end;
  private long nextFrame;
  private int strikes;
  private long skip;

  AacGrid(AudioRungSettings settings, WorkerOutput output) throws NativeException {
    this.settings = settings;
    encoder =
        new AacEncoder(
            settings,
            (unit, pts, data) ->
                output.audioPacket(
                    new EncodedPacket(RUNG, unit.generation(), unit.seq(), pts, pts, true, data)));
    fifo =
        Native.check(
            av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, settings.channels(), 4 * FRAME),
            "av_audio_fifo_alloc");
    frame = Native.check(av_frame_alloc(), "av_frame_alloc");
    frame.format(AV_SAMPLE_FMT_FLTP).nb_samples(FRAME).sample_rate(settings.sampleRate());
    av_channel_layout_default(frame.ch_layout(), settings.channels());
    Native.check(av_frame_get_buffer(frame, 0), "av_frame_get_buffer");
    zeros = new BytePointer((long) FRAME * Float.BYTES);
    Pointer.memset(zeros, 0, zeros.capacity());
    silence = new PointerPointer<>(settings.channels());
    for (int i = 0; i < settings.channels(); i++) {
      silence.put(i, zeros);
    }
  }

  byte[] audioSpecificConfig() {
    return encoder.audioSpecificConfig();
  }

  /** {@code count} samples per plane whose first one is at the unit's time. */
  void samples(PointerPointer<BytePointer> planes, int count, WorkerUnit unit)
      throws NativeException {
    long at = Math.floorDiv(unit.pts() * settings.sampleRate() + TICKS / 2, (long) TICKS);
    if (!anchored) {
      anchor(at, unit);
    } else {
      follow(at, unit);
    }
    if (skip >= count) {
      skip -= count;
      return;
    }
    int from = (int) skip;
    skip = 0;
    write(from == 0 ? planes : offset(planes, from), count - from, unit);
  }

  private void anchor(long at, WorkerUnit unit) throws NativeException {
    anchored = true;
    strikes = 0;
    skip = 0;
    nextFrame = Math.floorDiv(at, (long) FRAME) * FRAME;
    end = nextFrame;
    encoder.start(nextFrame);
    writeSilence(at - nextFrame, unit);
  }

  private void follow(long at, WorkerUnit unit) throws NativeException {
    long off = at + skip - end;
    strikes = Math.abs(off) > OFF_SAMPLES ? strikes + 1 : 0;
    if (strikes < OFF_FRAMES) {
      return;
    }
    strikes = 0;
    if (off < 0) {
      skip = -off;
    } else if (off <= settings.sampleRate()) {
      writeSilence(off, unit);
    } else {
      flush();
      anchor(at, unit);
    }
  }

  private PointerPointer<BytePointer> offset(PointerPointer<BytePointer> planes, int samples) {
    PointerPointer<BytePointer> moved = new PointerPointer<>(settings.channels());
    for (int i = 0; i < settings.channels(); i++) {
      moved.put(i, planes.get(BytePointer.class, i).position((long) samples * Float.BYTES));
    }
    return moved;
  }

  private void writeSilence(long samples, WorkerUnit unit) throws NativeException {
    for (long left = samples; left > 0; left -= FRAME) {
      write(silence, (int) Math.min(FRAME, left), unit);
    }
  }

  private void write(PointerPointer<BytePointer> planes, int count, WorkerUnit unit)
      throws NativeException {
    Native.check(av_audio_fifo_write(fifo, planes, count), "av_audio_fifo_write");
    end += count;
    while (av_audio_fifo_size(fifo) >= FRAME) {
      Native.check(av_frame_make_writable(frame), "av_frame_make_writable");
      Native.check(av_audio_fifo_read(fifo, frame.data(), FRAME), "av_audio_fifo_read");
      frame.pts(nextFrame);
      nextFrame += FRAME;
      encoder.encode(frame, unit);
    }
  }

  /** Fills the last frame with silence and takes everything out; the next samples anchor anew. */
  void flush() throws NativeException {
    if (!anchored) {
      return;
    }
    int rest = av_audio_fifo_size(fifo);
    if (rest > 0) {
      writeSilence(FRAME - rest, encoder.lastUnit());
    }
    encoder.drain();
    anchored = false;
  }

  @Override
  public void close() {
    encoder.close();
    av_audio_fifo_free(fifo);
    av_frame_free(frame);
    silence.deallocate();
    zeros.deallocate();
  }
}
