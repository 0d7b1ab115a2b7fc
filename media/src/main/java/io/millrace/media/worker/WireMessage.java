package io.millrace.media.worker;

import java.util.List;

/** Everything that crosses the two pipes of a worker process; {@link WireCodec} has the bytes. */
sealed interface WireMessage {

  /** What the node writes to the worker's stdin. */
  sealed interface ToWorker extends WireMessage {}

  /** What the worker writes to its output pipe. */
  sealed interface FromWorker extends WireMessage {}

  /** Asks for {@link Ready}; written when a waiting worker is given to a stream. */
  record Hello() implements ToWorker {}

  record Config(WorkerConfig config) implements ToWorker {}

  record Unit(WorkerUnit unit) implements ToWorker {}

  record Flush(int id) implements ToWorker {}

  record Rungs(List<RungSwitch> switches) implements ToWorker {
    public Rungs {
      switches = List.copyOf(switches);
    }
  }

  record Thumb() implements ToWorker {}

  record End() implements ToWorker {}

  /**
   * Native libraries are loaded; also the answer to {@link Hello}.
   *
   * @param encoder name of the H.264 encoder that was chosen
   */
  record Ready(String encoder) implements FromWorker {}

  record Init(String rung, int generation, byte[] extradata) implements FromWorker {}

  record Packet(EncodedPacket packet) implements FromWorker {}

  record Flushed(int id) implements FromWorker {}

  record Dropped(String rung, long sourceSeq, int count) implements FromWorker {}

  record Stats(WorkerStats stats) implements FromWorker {}

  record Thumbnail(byte[] jpeg) implements FromWorker {}
}
