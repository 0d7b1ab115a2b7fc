package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_uninit;

import java.util.Objects;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Decodes an audio track that is not AAC, brings it to the rung's rate and channels and feeds the
 * AAC grid. Confined to the codec thread.
 */
final class AudioTrack implements AutoCloseable {
  /** Layout of decoded frames that the resampler was opened for. */
  private record Shape(int format, int sampleRate, int channels) {}

  private final WorkerOutput output;
  private WorkerConfig config;
  private Decoder decoder;
  private AacGrid grid;
  private Shape shape;
  private SwrContext resampler;
  private PointerPointer<BytePointer> planes;
  private BytePointer buffer;
  private int capacity;
  private long errors;

  AudioTrack(WorkerOutput output) {
    this.output = output;
  }

  void configure(WorkerConfig next) throws NativeException {
    AudioRungSettings wanted =
        next.audio()
            .orElseThrow(
                () -> new NativeException("audio configuration: no rung (expected: an AAC rung)"));
    closeDecoder();
    boolean sameRung = config != null && config.audio().equals(next.audio());
    if (!sameRung) {
      closeGrid();
      grid = new AacGrid(wanted, output);
      closeResampler();
    }
    config = next;
    output.init(AacGrid.RUNG, next.generation(), grid.audioSpecificConfig());
    try {
      decoder = new Decoder(next.codec(), next.extradata(), wanted.channels(), 0, this::frame);
    } catch (NativeException e) {
      errors++;
      System.err.println("audio decoder: " + e.getMessage());
    }
  }

  void unit(WorkerUnit unit) throws NativeException {
    if (config == null || decoder == null || unit.generation() != config.generation()) {
      errors++;
      return;
    }
    decoder.decode(unit);
  }

  private void frame(AVFrame frame, WorkerUnit unit) throws NativeException {
    Shape now = new Shape(frame.format(), frame.sample_rate(), frame.ch_layout().nb_channels());
    if (!now.equals(shape)) {
      openResampler(frame, now);
    }
    reserve(swresample.swr_get_out_samples(resampler, frame.nb_samples()));
    int samples =
        Native.check(
            swresample.swr_convert(
                resampler, planes, capacity, frame.extended_data(), frame.nb_samples()),
            "swr_convert");
    grid.samples(planes, samples, unit);
  }

  private void openResampler(AVFrame frame, Shape now) throws NativeException {
    closeResampler();
    AudioRungSettings rung = config.audio().orElseThrow();
    AVChannelLayout out = new AVChannelLayout();
    av_channel_layout_default(out, rung.channels());
    PointerPointer<SwrContext> holder = new PointerPointer<>(1);
    holder.put(0, (Pointer) null);
    Native.check(
        swresample.swr_alloc_set_opts2(
            holder,
            out,
            AV_SAMPLE_FMT_FLTP,
            rung.sampleRate(),
            frame.ch_layout(),
            now.format(),
            now.sampleRate(),
            0,
            null),
        "swr_alloc_set_opts2");
    resampler = holder.get(SwrContext.class, 0);
    holder.deallocate();
    av_channel_layout_uninit(out);
    out.deallocate();
    Native.check(swresample.swr_init(resampler), "swr_init");
    shape = now;
  }

  private void reserve(int samples) {
    if (samples <= capacity) {
      return;
    }
    int channels = config.audio().orElseThrow().channels();
    freeBuffer();
    capacity = Math.max(samples, 8192);
    buffer = new BytePointer((long) capacity * Float.BYTES * channels);
    planes = new PointerPointer<>(channels);
    for (int i = 0; i < channels; i++) {
      planes.put(i, new BytePointer(buffer).position((long) i * capacity * Float.BYTES));
    }
  }

  /** All samples come out, the last AAC frame filled up with silence. */
  void flush() throws NativeException {
    if (decoder != null) {
      decoder.drain();
    }
    if (grid != null) {
      grid.flush();
    }
  }

  long errors() {
    return errors + (decoder == null ? 0 : decoder.errors());
  }

  private void closeDecoder() throws NativeException {
    if (decoder != null) {
      decoder.drain();
      errors += decoder.errors();
      decoder.close();
      decoder = null;
    }
  }

  private void closeGrid() {
    if (grid != null) {
      grid.close();
      grid = null;
    }
  }

  private void closeResampler() {
    if (resampler != null) {
      swresample.swr_free(resampler);
      resampler = null;
    }
    shape = null;
    freeBuffer();
  }

  private void freeBuffer() {
    if (buffer != null) {
      buffer.deallocate();
      Objects.requireNonNull(planes).deallocate();
      buffer = null;
      planes = null;
    }
    capacity = 0;
  }

  @Override
  public void close() throws NativeException {
    closeDecoder();
    closeGrid();
    closeResampler();
  }
}
