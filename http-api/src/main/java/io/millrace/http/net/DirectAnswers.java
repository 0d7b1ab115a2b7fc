package io.millrace.http.net;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a connection's simple GETs, one after the other, on the connection's loop and without a
 * stream of the server library. At the first request of another kind the connection goes over to
 * the library for good. Confined to the loop.
 */
final class DirectAnswers implements HttpConnection.Reader {
  private static final Logger LOG = LoggerFactory.getLogger(DirectAnswers.class);
  private static final byte[] NOTHING = {};

  /** Then it is others' turn, whatever this client has sent ahead. */
  private static final int ANSWERS_PER_TURN = 16;

  /**
   * What all connections of a listener share.
   *
   * @param handler never fails, answers with strict entities
   * @param quickPrefix paths whose handler is so quick that it runs on the loop
   * @param executor on which the others run
   * @param maxTargetLength a longer one is the library's to refuse
   * @param heads writes those of the answers
   */
  record Service(
      Function<HttpRequest, CompletionStage<HttpResponse>> handler,
      String quickPrefix,
      Executor executor,
      int maxTargetLength,
      AnswerHead heads) {

    /** Also when the handler is broken: a missing class, an endless recursion. */
    private CompletableFuture<HttpResponse> answer(HttpRequest request, String target) {
      try {
        return target.startsWith(quickPrefix)
            ? handler.apply(request).toCompletableFuture()
            : CompletableFuture.supplyAsync(() -> handler.apply(request), executor)
                .thenCompose(answer -> answer);
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  private final HttpConnection connection;
  private final Service service;
  private final RemoteAddress peer;
  private final Unwritten unwritten = new Unwritten();
  private byte[] received = NOTHING;
  private int taken;
  private boolean answering;
  private boolean inputEnded;

  DirectAnswers(HttpConnection connection, Service service) {
    this.connection = connection;
    this.service = service;
    this.peer = RemoteAddress.create(connection.peer());
  }

  // --- what the loop tells ----------------------------------------------------------------------

  @Override
  public void received(byte[] bytes) {
    int left = received.length - taken;
    if (left == 0) {
      received = bytes;
    } else {
      byte[] both = Arrays.copyOfRange(received, taken, received.length + bytes.length);
      System.arraycopy(bytes, 0, both, left, bytes.length);
      received = both;
    }
    taken = 0;
    proceed();
  }

  @Override
  public void inputEnded() {
    inputEnded = true;
    proceed();
  }

  @Override
  public void writable() {
    write();
    proceed();
  }

  @Override
  public void aborted() {
    received = NOTHING;
    taken = 0;
  }

  // --- requests ---------------------------------------------------------------------------------

  private void proceed() {
    int answers = 0;
    while (isReady() && taken < received.length) {
      if (answers++ == ANSWERS_PER_TURN) {
        connection.awaitWritable();
        return;
      }
      RequestHead head = RequestHead.read(received, taken, received.length);
      if (head == RequestHead.INCOMPLETE) {
        break;
      }
      if (head == RequestHead.OTHER || head.target().length() > service.maxTargetLength()) {
        connection.handOver(Arrays.copyOfRange(received, taken, received.length));
        return;
      }
      taken += head.length();
      connection.delivered(head.length());
      ask(head);
    }
    if (inputEnded && isReady()) {
      connection.close();
    }
  }

  private boolean isReady() {
    return !answering && unwritten.isEmpty() && !connection.isClosed();
  }

  private void ask(RequestHead head) {
    HttpRequest request =
        HttpRequest.create(head.target())
            .withHeaders(head.fields())
            .addAttribute(AttributeKeys.remoteAddress, peer);
    CompletableFuture<HttpResponse> answer = service.answer(request, head.target());
    if (answer.isDone()) {
      answered(answer);
      return;
    }
    answering = true;
    var unused =
        answer.whenComplete(
            (response, failure) ->
                connection.execute(
                    () -> {
                      answering = false;
                      answered(answer);
                      proceed();
                    }));
  }

  // --- answers ----------------------------------------------------------------------------------

  private void answered(CompletableFuture<HttpResponse> answer) {
    if (connection.isClosed()) {
      return;
    }
    try {
      send(answer.join());
    } catch (CompletionException | CancellationException e) {
      LOG.error("a handler failed; the connection is closed", e);
      connection.closeNow();
    }
  }

  private void send(HttpResponse response) {
    if (response.entity() instanceof HttpEntity.Strict body) {
      unwritten.add(service.heads().of(response, body));
      unwritten.add(body.getData());
      write();
    } else {
      LOG.error("an answer with a streamed body, {}: the connection is closed", response.status());
      connection.closeNow();
    }
  }

  private void write() {
    try {
      if (!connection.write(unwritten)) {
        connection.awaitWritable();
      }
    } catch (IOException e) {
      // The viewer is gone.
      connection.closeNow();
    }
  }
}
