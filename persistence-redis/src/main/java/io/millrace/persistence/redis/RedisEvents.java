package io.millrace.persistence.redis;

import static io.millrace.persistence.redis.RedisConnection.bytes;
import static io.millrace.persistence.redis.RedisConnection.text;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XTrimArgs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Events of one persistent actor as a Redis stream, {@code PREFIX:{ID}:journal}: the id of an entry
 * is its sequence number, so Redis itself keeps the order and the highest number, also of an empty
 * stream. Knows bytes only.
 */
final class RedisEvents {
  private static final RedisScript APPEND =
      RedisScript.load("journal-append", ScriptOutputType.VALUE);
  private static final RedisScript HIGHEST =
      RedisScript.load("journal-highest", ScriptOutputType.INTEGER);

  /**
   * One event.
   *
   * @param writer which incarnation of the actor wrote it
   */
  record Event(long sequenceNr, byte[] payload, String writer) {}

  private final RedisConnection connection;
  private final RedisCounters counters;

  RedisEvents(RedisConnection connection, RedisCounters counters) {
    this.connection = connection;
    this.counters = counters;
  }

  /** Appends all or none; fails with {@link RedisFencedException} when others were appended. */
  CompletionStage<Void> append(String persistenceId, List<Event> events) {
    List<byte[]> words = new ArrayList<>();
    for (Event event : events) {
      words.add(bytes(event.sequenceNr()));
      words.add(event.payload());
      words.add(bytes(event.writer()));
    }
    CompletionStage<byte[]> outcome =
        connection.eval(APPEND, new String[] {key(persistenceId)}, words.toArray(byte[][]::new));
    return outcome.thenAccept(
        reply -> onAppended(persistenceId, events.get(0).sequenceNr(), text(reply)));
  }

  private void onAppended(String persistenceId, long first, String outcome) {
    switch (outcome) {
      case "written" -> {}
      case "repeated" -> counters.repeated();
      default -> {
        counters.fenced();
        throw new RedisFencedException(
            "event " + first + " of " + persistenceId + ": there is another one already");
      }
    }
  }

  CompletionStage<Long> highest(String persistenceId) {
    return connection.eval(HIGHEST, new String[] {key(persistenceId)});
  }

  /** At most {@code count} events from {@code from} to {@code to}, in order. */
  CompletionStage<List<Event>> read(String persistenceId, long from, long to, int count) {
    return connection
        .call(
            c ->
                c.xrange(
                    key(persistenceId), Range.create(from + "-0", to + "-0"), Limit.from(count)))
        .thenApply(messages -> messages.stream().map(RedisEvents::event).toList());
  }

  private static Event event(StreamMessage<String, byte[]> message) {
    String id = message.getId();
    return new Event(
        Long.parseLong(id.substring(0, id.indexOf('-'))),
        message.getBody().get("payload"),
        text(message.getBody().get("writer")));
  }

  /** Deletes events up to and including {@code to}; their numbers are not used again. */
  CompletionStage<Void> deleteTo(String persistenceId, long to) {
    return highest(persistenceId)
        .thenCompose(
            highest ->
                highest == 0
                    ? CompletableFuture.completedStage(0L)
                    : trim(persistenceId, Math.min(to, highest) + 1))
        .thenAccept(count -> {});
  }

  private CompletionStage<Long> trim(String persistenceId, long first) {
    return connection.call(
        c -> c.xtrim(key(persistenceId), XTrimArgs.Builder.minId(first + "-0").exactTrimming()));
  }

  private String key(String persistenceId) {
    return connection.key(persistenceId, "journal");
  }
}
