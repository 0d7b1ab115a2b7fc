package io.millrace.media.segment;

import io.millrace.media.TrackKind;
import io.millrace.media.worker.EncodedPacket;
import io.millrace.media.worker.RungSettings;
import io.millrace.media.worker.RungSwitch;
import io.millrace.media.worker.WorkerConfig;
import io.millrace.media.worker.WorkerPort;
import io.millrace.media.worker.WorkerStats;
import io.millrace.media.worker.WorkerUnit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A worker without pictures: "decodes" into presentation order with a delay of a few frames, and
 * "encodes" each frame as text. Its input is worked off by {@link #run}, so it can be slow.
 */
final class FakeWorker implements WorkerPort {
  private static final int REORDER = 4;

  private final StreamPipeline pipeline;
  private final Deque<Object> input = new ArrayDeque<>();
  private final List<WorkerUnit> decoding = new ArrayList<>();
  private final Map<String, RungSwitch> switches = new HashMap<>();
  private final Map<String, RungSwitch> nextSwitches = new HashMap<>();
  private WorkerConfig config;
  private WorkerConfig audioConfig;
  private int packets;
  private long frameIndex;
  int dieAfterPackets = Integer.MAX_VALUE;
  boolean dead;
  boolean silent;

  /** Bytes that each encoded picture is larger than it has to be. */
  int extraBytes;

  /** Samples that the encoder of transcoded sound is behind. */
  int audioDelay;

  String extradata = "";

  FakeWorker(StreamPipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  public void configure(WorkerConfig newConfig) {
    input.add(newConfig);
  }

  @Override
  public void unit(WorkerUnit unit) {
    input.add(unit);
  }

  @Override
  public void flush(int flushId) {
    input.add(flushId);
  }

  @Override
  public void rungs(List<RungSwitch> newSwitches) {
    input.add(newSwitches);
  }

  @Override
  public void thumbnail() {}

  @Override
  public void end() {}

  @Override
  public long queuedMedia90k() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Object item : input) {
      if (item instanceof WorkerUnit unit && unit.track() == TrackKind.VIDEO) {
        first = Math.min(first, unit.dts());
        last = Math.max(last, unit.dts());
      }
    }
    return last < first ? 0 : last - first;
  }

  int packets() {
    return packets;
  }

  /** Works off up to {@code items} inputs, then says so. */
  void run(int items, long now) {
    if (items > 0 && !silent) {
      work(items, now);
      if (!dead) {
        pipeline.workerStats(new WorkerStats(0, 0, 0, 0, 0));
      }
    }
  }

  private void work(int items, long now) {
    for (int i = 0; i < items && !input.isEmpty() && !dead; i++) {
      Object item = input.remove();
      if (item instanceof WorkerConfig next) {
        reconfigure(next, now);
      } else if (item instanceof WorkerUnit unit) {
        decode(unit, now);
      } else if (item instanceof Integer id) {
        drain(0, now);
        if (!dead) {
          pipeline.workerFlushed(id, now);
        }
      } else if (item instanceof List<?> list) {
        list.forEach(s -> change((RungSwitch) s));
      }
    }
  }

  /** From the next IDR on; a suspension at once. */
  private void change(RungSwitch next) {
    nextSwitches.put(next.rung(), next);
    if (!next.active()) {
      switches.put(next.rung(), next);
    }
  }

  boolean active(String rung) {
    return !switches.containsKey(rung) || switches.get(rung).active();
  }

  private void reconfigure(WorkerConfig next, long now) {
    if (next.track() == TrackKind.VIDEO) {
      drain(0, now);
      config = next;
      for (RungSettings rung : next.rungs()) {
        if (!dead) {
          byte[] avcC = (extradata + rung.name()).getBytes(StandardCharsets.UTF_8);
          pipeline.workerInit(rung.name(), next.generation(), avcC, now);
        }
      }
    } else {
      audioConfig = next;
      byte[] asc =
          String.valueOf(next.audio().orElseThrow().sampleRate()).getBytes(StandardCharsets.UTF_8);
      pipeline.workerInit("audio", next.generation(), asc, now);
    }
  }

  /** As the real one: what does not belong to its track's configuration is left out. */
  private void decode(WorkerUnit unit, long now) {
    WorkerConfig own = unit.track() == TrackKind.AUDIO ? audioConfig : config;
    if (own == null || own.generation() != unit.generation()) {
      return;
    }
    if (unit.track() == TrackKind.AUDIO) {
      encodeAudio(unit, now);
      return;
    }
    if (unit.idr()) {
      drain(0, now);
    }
    decoding.add(unit);
    decoding.sort(Comparator.comparingLong(WorkerUnit::pts));
    drain(REORDER, now);
  }

  private long nextAudio = Long.MIN_VALUE;

  private void encodeAudio(WorkerUnit unit, long now) {
    long sample = unit.pts() * 48_000 / 90_000;
    long grid = Math.floorDiv(sample, 1024) * 1024;
    if (nextAudio == Long.MIN_VALUE) {
      nextAudio = grid + 1024;
    }
    while (nextAudio + 1024 + audioDelay <= sample + 960 && !dead) {
      byte[] data = ("x" + nextAudio).getBytes(StandardCharsets.UTF_8);
      if (nextAudio >= Math.floorDiv(unit.encodeFromPts(), 90_000L) * 48_000) {
        emit(
            new EncodedPacket(
                "audio", unit.generation(), unit.seq(), nextAudio, nextAudio, true, data),
            now);
      }
      nextAudio += 1024;
    }
  }

  private void drain(int keep, long now) {
    while (decoding.size() > keep && !dead) {
      encode(decoding.remove(0), now);
    }
  }

  private void encode(WorkerUnit unit, long now) {
    boolean key = unit.idr() || unit.forceIdr();
    if (unit.idr()) {
      switches.putAll(nextSwitches);
      nextSwitches.clear();
    }
    frameIndex = key ? 0 : frameIndex + 1;
    if (unit.pts() < unit.encodeFromPts()) {
      return;
    }
    for (RungSettings rung : config.rungs()) {
      RungSwitch s = switches.get(rung.name());
      boolean skip = s != null && (!s.active() || (!key && frameIndex % s.divisor() != 0));
      if (!skip && !dead) {
        emit(
            new EncodedPacket(
                rung.name(),
                unit.generation(),
                unit.seq(),
                unit.pts(),
                unit.pts(),
                key,
                Arrays.copyOf(unit.data(), unit.data().length + extraBytes)),
            now);
      }
    }
  }

  private void emit(EncodedPacket packet, long now) {
    if (packets >= dieAfterPackets) {
      dead = true;
      return;
    }
    packets++;
    pipeline.workerPacket(packet, now);
  }
}
