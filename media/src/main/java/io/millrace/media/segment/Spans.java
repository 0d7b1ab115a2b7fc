package io.millrace.media.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The spans that some rendition still works on, by media sequence number without holes. */
final class Spans {
  private final List<Span> spans = new ArrayList<>();

  void add(Span span) {
    spans.add(span);
  }

  /** The span of a media sequence number, or null when it has not begun or is done with. */
  Span get(long msn) {
    if (spans.isEmpty()) {
      return null;
    }
    long index = msn - spans.get(0).msn;
    return index < 0 || index >= spans.size() ? null : spans.get((int) index);
  }

  Span newest() {
    return spans.isEmpty() ? null : spans.get(spans.size() - 1);
  }

  /** Forgets what lies before {@code msn}. */
  void trim(long msn) {
    spans.removeIf(span -> span.msn < msn);
  }

  /** Forgets {@code msn} and what follows. */
  void dropFrom(long msn) {
    spans.removeIf(span -> span.msn >= msn);
  }

  void forEach(Consumer<Span> action) {
    spans.forEach(action);
  }

  List<Span> all() {
    return List.copyOf(spans);
  }
}
