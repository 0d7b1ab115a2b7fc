package io.millrace.http;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * Answers that are the same for everybody, made once: a fixed number of slots, found by the
 * identity of the body, in which later ones overwrite earlier ones. What is not here any more is
 * made again. Thread-safe without locks.
 */
final class MadeAnswers {

  /** About the newest versions of as many renditions; a few kilobytes each. */
  private static final int SLOTS = 1024;

  private record Made(byte[] body, long maxAge, HttpResponse answer) {}

  private final AtomicReferenceArray<Made> slots = new AtomicReferenceArray<>(SLOTS);

  /**
   * @param body of the answer, never changed
   * @param maxAge the other thing that the answer depends on
   */
  HttpResponse get(byte[] body, long maxAge, Supplier<HttpResponse> maker) {
    int slot = System.identityHashCode(body) & (SLOTS - 1);
    Made found = slots.get(slot);
    if (found != null && found.body() == body && found.maxAge() == maxAge) {
      return found.answer();
    }
    HttpResponse answer = maker.get();
    slots.set(slot, new Made(body, maxAge, answer));
    return answer;
  }
}
