package io.millrace.media.worker;

import java.util.concurrent.TimeUnit;

/**
 * The codec thread's loop: one message after the other, and a heartbeat with figures in between, so
 * that a hang inside a codec silences it.
 */
final class CodecLoop {
  private static final long HEARTBEAT_MS = 500;

  private final MediaQueue<WireMessage.ToWorker> input;
  private final WorkerOutput output;
  private final VideoTrack video;
  private final AudioTrack audio;
  private long lastStatsNanos = System.nanoTime();

  CodecLoop(MediaQueue<WireMessage.ToWorker> input, WorkerOutput output, WorkerOptions options) {
    this.input = input;
    this.output = output;
    video = new VideoTrack(output, options);
    audio = new AudioTrack(output);
  }

  /** Returns when END was carried out; true if so, false if the input just stopped. */
  boolean run() throws NativeException, InterruptedException {
    output.ready(VideoEncoder.NAME);
    while (!Thread.currentThread().isInterrupted()) {
      WireMessage.ToWorker message = input.poll(HEARTBEAT_MS);
      if (message instanceof WireMessage.End) {
        flush();
        close();
        return true;
      }
      if (message != null) {
        handle(message);
      } else if (input.isClosed()) {
        return false;
      }
      heartbeat();
    }
    return false;
  }

  private void handle(WireMessage.ToWorker message) throws NativeException {
    if (message instanceof WireMessage.Unit m) {
      unit(m.unit());
    } else if (message instanceof WireMessage.Config m) {
      configure(m.config());
    } else if (message instanceof WireMessage.Flush m) {
      flush();
      output.flushed(m.id());
    } else if (message instanceof WireMessage.Rungs m) {
      m.switches().forEach(video::change);
    } else if (message instanceof WireMessage.Thumb) {
      video.requestThumbnail();
    } else if (message instanceof WireMessage.Hello) {
      output.ready(VideoEncoder.NAME);
    }
  }

  private void unit(WorkerUnit unit) throws NativeException {
    switch (unit.track()) {
      case VIDEO -> video.unit(unit);
      case AUDIO -> audio.unit(unit);
    }
  }

  private void configure(WorkerConfig config) throws NativeException {
    switch (config.track()) {
      case VIDEO -> video.configure(config);
      case AUDIO -> audio.configure(config);
    }
  }

  private void flush() throws NativeException {
    video.flush();
    audio.flush();
  }

  private void close() throws NativeException {
    video.close();
    audio.close();
  }

  private void heartbeat() {
    long now = System.nanoTime();
    if (now - lastStatsNanos < TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MS)) {
      return;
    }
    lastStatsNanos = now;
    output.stats(
        new WorkerStats(
            video.lastDecodedPts(),
            input.span90k(),
            ProcessFigures.cpuMillis(),
            ProcessFigures.residentBytes(),
            video.errors() + audio.errors()));
  }
}
