package io.millrace.testkit.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks the API of every node again and again who owns a stream and writes down each change.
 * Thread-safe.
 */
final class OwnerWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ScheduledExecutorService executor;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final Map<String, OwnerSighting> lastOfNode = new HashMap<>();
  private final List<OwnerSighting> sightings = new ArrayList<>();

  /**
   * @param addresses of the stream in the API of each node
   */
  OwnerWatch(List<URI> addresses) {
    executor = Executors.newScheduledThreadPool(addresses.size());
    for (URI address : addresses) {
      var unused =
          executor.scheduleWithFixedDelay(
              () -> look(address), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  synchronized List<OwnerSighting> sightings() {
    return List.copyOf(sightings);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void look(URI address) {
    try {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(address).timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
      if (response.statusCode() == 200) {
        add(sighting(address.getAuthority(), JSON.readTree(response.body())));
      }
    } catch (IOException e) {
      // The node is down or hangs; what it shows then is the recorder's business.
      forget(address.getAuthority());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static OwnerSighting sighting(String node, JsonNode stream) {
    return new OwnerSighting(
        Instant.now(),
        node,
        stream.path("state").asText(),
        stream.path("owner").asText(),
        stream.path("epoch").asLong(),
        stream.path("session").asLong());
  }

  private synchronized void add(OwnerSighting next) {
    OwnerSighting last = lastOfNode.put(next.node(), next);
    if (last == null || !last.saysTheSameAs(next)) {
      sightings.add(next);
    }
  }

  private synchronized void forget(String node) {
    lastOfNode.remove(node);
  }
}
