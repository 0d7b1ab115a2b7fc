package io.millrace.media.worker;

/**
 * The codec thread's way out: messages enter the bounded queue of the writer thread. Waits while
 * that is full.
 */
final class WorkerOutput {
  private final MediaQueue<WireMessage.FromWorker> queue;

  WorkerOutput(MediaQueue<WireMessage.FromWorker> queue) {
    this.queue = queue;
  }

  void ready(String encoder) {
    put(new WireMessage.Ready(encoder), MediaQueue.NO_TIME, 0);
  }

  void init(String rung, int generation, byte[] extradata) {
    put(new WireMessage.Init(rung, generation, extradata), MediaQueue.NO_TIME, extradata.length);
  }

  void packet(EncodedPacket packet) {
    put(new WireMessage.Packet(packet), packet.dts(), packet.data().length);
  }

  /** Audio counts in samples, so its packets carry no 90 kHz time for the queue's bound. */
  void audioPacket(EncodedPacket packet) {
    put(new WireMessage.Packet(packet), MediaQueue.NO_TIME, packet.data().length);
  }

  void dropped(String rung, long sourceSeq, int count) {
    put(new WireMessage.Dropped(rung, sourceSeq, count), MediaQueue.NO_TIME, 0);
  }

  void flushed(int id) {
    put(new WireMessage.Flushed(id), MediaQueue.NO_TIME, 0);
  }

  void stats(WorkerStats stats) {
    put(new WireMessage.Stats(stats), MediaQueue.NO_TIME, 0);
  }

  void thumbnail(byte[] jpeg) {
    put(new WireMessage.Thumbnail(jpeg), MediaQueue.NO_TIME, jpeg.length);
  }

  private void put(WireMessage.FromWorker message, long time90k, int bytes) {
    try {
      queue.put(message, time90k, bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
