package io.millrace.testkit.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One DevTools protocol connection: JSON requests with ids over a WebSocket. Calls may come from
 * any thread, one at a time.
 */
final class DevTools implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_CONSOLE_LINES = 1000;

  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final Queue<String> console = new ConcurrentLinkedQueue<>();
  private final WebSocket socket;

  DevTools(URI address, Duration deadline) throws IOException {
    CompletableFuture<WebSocket> opened =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Receiver());
    this.socket = get(opened, "open " + address, deadline);
  }

  /** Calls {@code method} and returns its {@code result}; a protocol error is an IOException. */
  JsonNode call(String method, ObjectNode parameters, Duration deadline) throws IOException {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    ObjectNode request = JSON.createObjectNode().put("id", id).put("method", method);
    request.set("params", parameters);
    get(socket.sendText(JSON.writeValueAsString(request), true), method, deadline);
    JsonNode message = get(answer, method, deadline);
    if (message.has("error")) {
      throw new IOException(method + ": " + message.get("error"));
    }
    return message.get("result");
  }

  /** What the page wrote to its console, and uncaught errors, oldest first. */
  Queue<String> console() {
    return console;
  }

  @Override
  public void close() {
    socket.abort();
    waiting.values().forEach(answer -> answer.completeExceptionally(new IOException("closed")));
  }

  private static <T> T get(CompletableFuture<T> future, String what, Duration deadline)
      throws IOException {
    try {
      return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(what, e);
    }
  }

  private void onMessage(String text) throws IOException {
    JsonNode message = JSON.readTree(text);
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = waiting.remove(message.get("id").asInt());
      if (answer != null) {
        answer.complete(message);
      }
      return;
    }
    String event = message.path("method").asText();
    if (event.equals("Runtime.exceptionThrown") || event.equals("Runtime.consoleAPICalled")) {
      remember(message.path("params").toString());
    }
  }

  private void remember(String line) {
    console.add(line);
    if (console.size() > MAX_CONSOLE_LINES) {
      console.poll();
    }
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        String text = partial.toString();
        partial.setLength(0);
        try {
          onMessage(text);
        } catch (IOException e) {
          remember("unreadable message: " + e.getMessage());
        }
      }
      webSocket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      waiting.values().forEach(answer -> answer.completeExceptionally(error));
    }
  }
}
