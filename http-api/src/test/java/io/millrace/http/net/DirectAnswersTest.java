package io.millrace.http.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** Simple GETs, answered without Pekko HTTP's server layer, and connections that go over to it. */
class DirectAnswersTest extends HttpListenerContract {
  private static final String UNUSUAL = "X_Unusual_Name: 1\r\n";

  private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();
  private volatile HttpRequest last;

  DirectAnswersTest() {
    super("");
  }

  @Override
  CompletionStage<HttpResponse> answer(HttpRequest request) {
    threads.add(Thread.currentThread().getName());
    last = request;
    if (request.getUri().path().endsWith("/broken")) {
      throw new NoClassDefFoundError("a class");
    }
    if (request.getUri().path().endsWith("/failed")) {
      return CompletableFuture.failedFuture(new IllegalStateException("failed"));
    }
    return request.getUri().path().equals("/streamed")
        ? CompletableFuture.completedFuture(
            HttpResponse.create()
                .withEntity(
                    HttpEntities.create(
                        ContentTypes.APPLICATION_OCTET_STREAM,
                        Source.single(ByteString.fromString("streamed")))))
        : super.answer(request);
  }

  private static String get(String path, String fields) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
  }

  @Test
  void callsTheHandlerWhereItReadsOnlyIfThatIsQuick() throws Exception {
    start(settings -> settings);
    try (Client client = new Client()) {
      client.send("/quick/a");
      assertThat(client.body()).isEqualTo("/quick/a");
      assertThat(threads.poll(20, TimeUnit.SECONDS)).startsWith("http-");
      client.send("/slow");
      assertThat(client.body()).isEqualTo("/slow");
      assertThat(threads.poll(20, TimeUnit.SECONDS)).doesNotStartWith("http-");
    }
  }

  @Test
  void givesTheHandlerWhatTheLibraryWould() throws Exception {
    start(settings -> settings);
    try (Client client = new Client()) {
      client.sendText(get("/quick/a?_HLS_msn=3&CMCD=br%3D1", "User-Agent: player/1 (x)\r\n"));
      assertThat(client.body()).isEqualTo("/quick/a");
      assertThat(last.getUri().rawQueryString()).contains("_HLS_msn=3&CMCD=br%3D1");
      assertThat(last.getHeader("user-agent").orElseThrow().value()).isEqualTo("player/1 (x)");
      assertThat(
              last.getAttribute(AttributeKeys.remoteAddress)
                  .flatMap(RemoteAddress::getAddress)
                  .orElseThrow()
                  .isLoopbackAddress())
          .isTrue();
    }
  }

  @Test
  void handsTheConnectionOverAtTheFirstRequestOfAnotherKind() throws Exception {
    start(settings -> settings);
    try (Client client = new Client()) {
      client.sendText(get("/a", "") + get("/b", UNUSUAL) + get("/c", "") + "POST /d");
      assertThat(client.body()).isEqualTo("/a");
      assertThat(client.body()).isEqualTo("/b");
      assertThat(client.body()).isEqualTo("/c");
      client.sendText(" HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nxyz");
      assertThat(client.body()).isEqualTo("/d");
    }
  }

  @Test
  void handsOverOnlyWhenTheAnswerBeforeIsWritten() throws Exception {
    start(settings -> settings);
    try (Client client = new Client()) {
      client.sendText(get("/parked", "") + get("/b", UNUSUAL));
      awaitRequest("/parked");
      assertThat(requests.poll(200, TimeUnit.MILLISECONDS)).isNull();
      parked.get("/parked").complete(text("first"));
      assertThat(client.body()).isEqualTo("first");
      assertThat(client.body()).isEqualTo("/b");
    }
  }

  @Test
  void answersARequestThatComesByteByByte() throws Exception {
    start(settings -> settings);
    try (Client client = new Client()) {
      for (char c : (get("/a", "Accept: */*\r\n") + get("/b", "")).toCharArray()) {
        client.sendText(String.valueOf(c));
      }
      assertThat(client.body()).isEqualTo("/a");
      assertThat(client.body()).isEqualTo("/b");
    }
  }

  /** The library's parser goes one level deeper for each request that it gets at once. */
  @Test
  void handsOverNoMoreAtOnceThanItReads() throws Exception {
    start(settings -> settings);
    int shortest = 2_000;
    try (Client client = new Client()) {
      client.sendText(get("/parked", "") + "GET / HTTP/1.1\nHost:a\n\n".repeat(shortest));
      awaitRequest("/parked");
      assertThat(requests.poll(200, TimeUnit.MILLISECONDS)).isNull();
      parked.get("/parked").complete(text("first"));
      assertThat(client.body()).isEqualTo("first");
      for (int i = 0; i < shortest; i++) {
        assertThat(client.body()).isEqualTo("/");
      }
    }
  }

  @Test
  void closesAConnectionWhoseHandlerIsBroken() throws Exception {
    start(settings -> settings);
    for (String path : new String[] {"/quick/broken", "/broken", "/quick/failed", "/failed"}) {
      try (Client client = new Client()) {
        client.send(path);
        assertThat(client.in.read()).as(path).isEqualTo(-1);
      }
    }
  }

  @Test
  void closesAConnectionWhoseAnswerItCannotWrite() throws Exception {
    start(settings -> settings);
    try (Client client = new Client();
        Client other = new Client()) {
      client.send("/streamed");
      assertThat(client.in.read()).isEqualTo(-1);
      other.send("/other");
      assertThat(other.body()).isEqualTo("/other");
    }
  }
}
