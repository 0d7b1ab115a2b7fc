package io.millrace.media.worker;

/** What comes back from a worker process; called on the worker's reader thread, in order. */
public interface WorkerListener {
  void ready();

  /** Parameter sets of a rung: an avcC record, or an AudioSpecificConfig for {@code audio}. */
  void init(String rung, int generation, byte[] extradata);

  void packet(EncodedPacket packet);

  void flushed(int flushId);

  /** {@code count} source frames up to {@code sourceSeq} were not encoded in this rung. */
  void dropped(String rung, long sourceSeq, int count);

  /** Periodic figures, also the heartbeat. */
  void stats(WorkerStats stats);

  void thumbnail(byte[] jpeg);

  /** The last call: the process is gone. {@code cause} is for people. */
  void exited(int exitCode, String cause);
}
