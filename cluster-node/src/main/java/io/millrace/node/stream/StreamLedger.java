package io.millrace.node.stream;

import io.millrace.media.MediaSegment;
import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.SegmentRef;
import io.millrace.media.hls.MediaPlaylistWindow;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.hls.WindowState;
import io.millrace.media.segment.PipelineState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which segments of a stream are made, stored and durable: keeps the order stored → durable →
 * shown. Pure; owned by the stream's actor.
 */
final class StreamLedger {

  /** A segment whose state is durable from {@code version} on. */
  record Pending(long version, String rendition, SegmentRef ref) {}

  private final WindowSettings settings;
  private final Map<String, MediaPlaylistWindow> windows = new LinkedHashMap<>();
  private final Map<String, Deque<SegmentRef>> made = new HashMap<>();
  private final Deque<Pending> pending = new ArrayDeque<>();

  /** The newest of {@code pending}. */
  private final Deque<Pending> notHandedOut = new ArrayDeque<>();

  private Presentation presentation;
  private PipelineState pipeline;

  StreamLedger(WindowSettings settings) {
    this.settings = settings;
  }

  static StreamLedger recovered(WindowSettings settings, StreamState state, long nowMs) {
    StreamLedger ledger = new StreamLedger(settings);
    ledger.pipeline = state.pipeline();
    if (state.presentation() != null) {
      ledger.open(state.presentation(), state.windows(), nowMs);
    }
    return ledger;
  }

  void present(Presentation next, long nowMs) {
    open(next, Map.of(), nowMs);
  }

  private void open(Presentation next, Map<String, WindowState> restored, long nowMs) {
    presentation = next;
    for (Rendition rendition : next.renditions()) {
      windows.computeIfAbsent(
          rendition.name(),
          name ->
              MediaPlaylistWindow.of(
                  settings,
                  next.targetDurationSeconds(),
                  restored.getOrDefault(name, WindowState.startingAt(settings.firstMsn())),
                  nowMs));
    }
  }

  void made(MediaSegment segment) {
    made.computeIfAbsent(segment.rendition(), name -> new ArrayDeque<>()).addLast(segment.ref());
  }

  /**
   * The segment is in the store; the state from {@code version} on contains it.
   *
   * @param next the pipeline's state with it
   */
  void stored(String rendition, long msn, PipelineState next, long version, long nowMs) {
    Deque<SegmentRef> waiting = made.get(rendition);
    SegmentRef ref = waiting == null ? null : waiting.pollFirst();
    if (ref == null || ref.msn() != msn) {
      throw new IllegalStateException(
          "stored segment of " + rendition + ": " + msn + " (expected: the oldest that was made)");
    }
    MediaPlaylistWindow window = windows.get(rendition);
    window.append(ref, nowMs);
    window.expire(nowMs);
    pipeline = next;
    Pending segment = new Pending(version, rendition, ref);
    pending.addLast(segment);
    notHandedOut.addLast(segment);
  }

  /** The segments that became durable with {@code version}, in order; handed out once. */
  List<Pending> durable(long version) {
    List<Pending> done = new ArrayList<>();
    while (!pending.isEmpty() && pending.peekFirst().version() <= version) {
      Pending segment = pending.removeFirst();
      if (segment.equals(notHandedOut.peekFirst())) {
        notHandedOut.removeFirst();
      }
      done.add(segment);
    }
    return done;
  }

  /** The segment with this number, if it is made, but not durable yet. */
  Optional<SegmentRef> notDurable(String rendition, long msn) {
    Stream<SegmentRef> notStored = made.getOrDefault(rendition, new ArrayDeque<>()).stream();
    Stream<SegmentRef> stored =
        pending.stream().filter(p -> p.rendition().equals(rendition)).map(Pending::ref);
    return Stream.concat(notStored, stored).filter(ref -> ref.msn() == msn).findFirst();
  }

  /** What is stored but not durable yet, in order; stays pending, but is handed out here once. */
  List<Pending> waiting() {
    List<Pending> waiting = List.copyOf(notHandedOut);
    notHandedOut.clear();
    return waiting;
  }

  void end() {
    windows.values().forEach(MediaPlaylistWindow::end);
  }

  Presentation presentation() {
    return presentation;
  }

  PipelineState pipeline() {
    return pipeline;
  }

  Map<String, WindowState> windows() {
    Map<String, WindowState> states = new LinkedHashMap<>();
    windows.forEach((name, window) -> states.put(name, window.state()));
    return states;
  }
}
