package io.millrace.media.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Decodes the video track once and feeds the rungs, each scaled from the next larger one. Confined
 * to the codec thread.
 */
final class VideoTrack implements AutoCloseable {
  private static final int MAX_REORDER_FRAMES = 4;

  private final WorkerOutput output;
  private final WorkerOptions options;
  private final SourceRate rate = new SourceRate();
  private final Map<String, RungSwitch> switches = new HashMap<>();
  private List<VideoRung> rungs = new ArrayList<>();
  private WorkerConfig config;
  private Decoder decoder;
  private Thumbnailer thumbnailer;
  private boolean thumbnailWanted;
  private long lastPts;
  private long lastSeq;
  private long errors;

  VideoTrack(WorkerOutput output, WorkerOptions options) {
    this.output = output;
    this.options = options;
  }

  /** Drains and closes the decoder; encoders of unchanged settings stay open. */
  void configure(WorkerConfig next) throws NativeException {
    closeDecoder();
    config = next;
    List<VideoRung> wanted = new ArrayList<>();
    for (RungSettings settings : next.rungs()) {
      wanted.add(reuseOrOpen(settings));
    }
    rungs.stream().filter(rung -> !wanted.contains(rung)).forEach(VideoRung::close);
    rungs = wanted;
    for (VideoRung rung : rungs) {
      output.init(rung.settings().name(), next.generation(), rung.encoder().avcC());
    }
  }

  private VideoRung reuseOrOpen(RungSettings settings) throws NativeException {
    for (VideoRung rung : rungs) {
      if (rung.settings().equals(settings)) {
        return rung;
      }
    }
    VideoRung rung = new VideoRung(settings);
    RungSwitch known = switches.get(settings.name());
    if (known != null) {
      rung.change(known);
    }
    return rung;
  }

  void unit(WorkerUnit unit) throws NativeException {
    if (config == null || unit.generation() != config.generation()) {
      errors++;
      return;
    }
    if (decoder == null) {
      if (!unit.idr()) {
        errors++; // nothing to refer to: what comes before the first IDR is skipped
        return;
      }
      openDecoder(unit);
    }
    if (decoder != null) {
      decoder.decode(unit);
    }
  }

  /** A decoder that refuses its parameter sets costs this generation's units, not the process. */
  private void openDecoder(WorkerUnit first) {
    try {
      decoder =
          new Decoder(config.codec(), config.extradata(), 0, reorderFrames(first), this::frame);
      rate.reset();
    } catch (NativeException e) {
      errors++;
      System.err.println("video decoder: " + e.getMessage());
    }
  }

  /** The composition offset of the first IDR is the delay that its encoder's reordering needs. */
  private int reorderFrames(WorkerUnit first) {
    double fps = config.rungs().isEmpty() ? 30 : config.rungs().get(0).frameRate();
    long offset = Math.max(0, first.pts() - first.dts());
    return (int) Math.min(MAX_REORDER_FRAMES, Math.round(offset * fps / 90_000));
  }

  private void frame(AVFrame frame, WorkerUnit unit) throws NativeException {
    lastPts = unit.pts();
    lastSeq = unit.seq();
    boolean idr = unit.idr() || unit.forceIdr();
    double fps = rate.frame(unit.pts(), unit.idr(), decoder.frameRate());
    if (unit.pts() < unit.encodeFromPts()) {
      return;
    }
    AVFrame larger = frame;
    for (VideoRung rung : rungs) {
      if (rung.wants(unit, idr, fps)) {
        larger = encode(rung, larger, unit, idr);
      }
    }
    if (thumbnailWanted && unit.idr()) {
      thumbnailWanted = false;
      thumbnail(larger);
    }
    rungs.forEach(VideoRung::release);
  }

  private AVFrame encode(VideoRung rung, AVFrame larger, WorkerUnit unit, boolean idr)
      throws NativeException {
    AVFrame scaled = rung.scale(larger);
    reportDropped(rung, unit.seq() - 1);
    String name = rung.settings().name();
    rung.encoder()
        .encode(
            scaled,
            unit,
            idr,
            (from, pts, dts, key, data) ->
                output.packet(
                    new EncodedPacket(name, from.generation(), from.seq(), pts, dts, key, data)));
    options.delayAfterEncoding(name);
    return scaled;
  }

  private void reportDropped(VideoRung rung, long upToSeq) {
    int count = rung.takeDropped();
    if (count > 0) {
      output.dropped(rung.settings().name(), upToSeq, count);
    }
  }

  private void thumbnail(AVFrame from) {
    try {
      if (thumbnailer == null) {
        thumbnailer = new Thumbnailer();
      }
      output.thumbnail(thumbnailer.jpeg(from));
    } catch (NativeException e) {
      System.err.println("thumbnail: " + e.getMessage());
    }
  }

  void requestThumbnail() {
    thumbnailWanted = true;
  }

  /** Holds for rungs that are opened later, too. */
  void change(RungSwitch next) {
    switches.put(next.rung(), next);
    rungs.stream()
        .filter(rung -> rung.settings().name().equals(next.rung()))
        .forEach(rung -> rung.change(next));
  }

  /** All frames come out; the next unit must be an IDR. */
  void flush() throws NativeException {
    closeDecoder();
    rungs.forEach(rung -> reportDropped(rung, lastSeq));
  }

  private void closeDecoder() throws NativeException {
    if (decoder != null) {
      decoder.drain();
      errors += decoder.errors();
      decoder.close();
      decoder = null;
    }
  }

  long lastDecodedPts() {
    return lastPts;
  }

  long errors() {
    return errors + (decoder == null ? 0 : decoder.errors());
  }

  @Override
  public void close() throws NativeException {
    closeDecoder();
    rungs.forEach(VideoRung::close);
    if (thumbnailer != null) {
      thumbnailer.close();
    }
  }
}
