package io.millrace.media.segment;

/** What the parts of one pipeline share. */
final class Context {
  final PipelineSettings settings;
  final PipelineOutput output;
  final Muxing muxing;
  final SegmentSink sink;
  final Spans spans = new Spans();
  final WorkerFeed feed = new WorkerFeed();
  final Counters counters = new Counters();
  final CutRule rule;
  final PartCuts parts = new PartCuts();
  int workerGeneration;

  private boolean workerAsked;

  /** The worker is hopelessly behind: whole GOPs are kept from it. */
  boolean dropGops;

  /** The source rendition is made by the encoder. */
  boolean sourceEncoded;

  Context(
      PipelineSettings settings,
      PipelineOutput output,
      Muxing muxing,
      SegmentSink sink,
      CutRule rule) {
    this.settings = settings;
    this.output = output;
    this.muxing = muxing;
    this.sink = sink;
    this.rule = rule;
  }

  /** Asks for a worker, the first time. */
  void askForWorker() {
    if (!workerAsked) {
      workerAsked = true;
      output.workerNeeded();
    }
  }

  void notice(String code, String text) {
    counters.add(code);
    output.notice(new PipelineNotice(code, text));
  }
}
