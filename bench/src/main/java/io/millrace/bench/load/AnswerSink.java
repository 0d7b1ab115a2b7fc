package io.millrace.bench.load;

import java.io.IOException;

/** Who sent a request; called on the loop's thread, exactly once per request. */
public interface AnswerSink {

  void answered(Answer answer);

  /** The connection is of no use any more. */
  void failed(IOException reason);
}
