package io.millrace.node.stream;

import io.millrace.http.Playlist;
import io.millrace.media.MediaPart;
import io.millrace.media.PartRef;
import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.SegmentRef;
import io.millrace.media.hls.MediaPlaylistWindow;
import io.millrace.media.hls.RetainedSegment;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.hls.WindowState;
import io.millrace.node.edge.StreamSnapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All playlists of one stream as they are now: the window of each rendition, what is rendered of
 * it, and what may be fetched. Renders what a change touches, once, and nothing else. Confined to
 * {@link PlaylistActor}, which knows when something may be shown; times are of its monotonic clock,
 * ms.
 */
final class StreamPlaylists {
  private final String streamId;
  private final long epoch;
  private final WindowSettings settings;
  private final Map<String, MediaPlaylistWindow> windows = new LinkedHashMap<>();
  private final Map<String, Playlist> rendered = new HashMap<>();

  /** Names that may be fetched, of renditions in which nothing has changed since. */
  private final Map<String, Set<String>> fetchable = new HashMap<>();

  private final PlaylistRenderer renderer;

  /** The first segment is whole before anything is shown; so is what a predecessor left open. */
  private long firstPartsMsn;

  private Presentation presentation;
  private Optional<Playlist> multivariant = Optional.empty();
  private Set<String> hidden = Set.of();
  private long version;

  StreamPlaylists(String streamId, long epoch, WindowSettings settings) {
    this.streamId = streamId;
    this.epoch = epoch;
    this.settings = settings;
    this.firstPartsMsn = settings.firstMsn() + 1;
    this.renderer = new PlaylistRenderer(epoch);
  }

  /**
   * Opens a playlist for each rendition that has none.
   *
   * @param restored windows of an earlier incarnation to go on from
   */
  void open(Presentation next, Map<String, WindowState> restored, long nowMs) {
    presentation = next;
    restored.values().forEach(w -> firstPartsMsn = Math.max(firstPartsMsn, w.nextMsn() + 1));
    for (Rendition rendition : next.renditions()) {
      windows.computeIfAbsent(
          rendition.name(),
          name ->
              window(
                  next,
                  restored.getOrDefault(name, WindowState.startingAt(settings.firstMsn())),
                  nowMs));
    }
    windows.forEach(renderer::note);
    windows.keySet().stream().filter(name -> !rendered.containsKey(name)).forEach(this::render);
    renderMultivariant();
  }

  private MediaPlaylistWindow window(Presentation next, WindowState from, long nowMs) {
    MediaPlaylistWindow window =
        MediaPlaylistWindow.withParts(
            settings, next.targetDurationSeconds(), next.partTargetMillis(), from, nowMs);
    window.expectPartsFrom(firstPartsMsn);
    return window;
  }

  Collection<String> renditions() {
    return windows.keySet();
  }

  /** The window of a rendition that has not ended. */
  Optional<MediaPlaylistWindow> live(String rendition) {
    return Optional.ofNullable(windows.get(rendition)).filter(window -> !window.ended());
  }

  /** Segments in order, from the next one of the rendition on. */
  void append(String rendition, List<SegmentRef> segments, long nowMs) {
    MediaPlaylistWindow window = windows.get(rendition);
    segments.forEach(ref -> window.append(ref, nowMs));
    render(rendition);
    if (multivariant.isEmpty()) {
      renderMultivariant();
    }
  }

  /**
   * As {@link MediaPlaylistWindow#add}.
   *
   * @return it is listed now
   */
  boolean add(String rendition, PartRef ref, MediaPart.Parent parent, boolean last, long nowMs) {
    boolean listed = windows.get(rendition).add(ref, parent, last, nowMs);
    if (listed) {
      render(rendition);
    }
    return listed;
  }

  /**
   * Leaves these renditions out of the multivariant playlist.
   *
   * @return that is a change
   */
  boolean hide(Set<String> renditions) {
    boolean changed = !hidden.equals(renditions);
    hidden = renditions;
    if (changed) {
      renderMultivariant();
    }
    return changed;
  }

  /** Every playlist gets its end. */
  void end() {
    windows.values().forEach(MediaPlaylistWindow::end);
    windows.keySet().forEach(this::render);
  }

  /** Forgets what need not be fetchable any more, and says what of it was stored and what not. */
  Expired expire(String rendition, long nowMs) {
    MediaPlaylistWindow window = windows.get(rendition);
    Expired expired = new Expired(window.expire(nowMs), window.expireParts(nowMs));
    if (!expired.isEmpty()) {
      fetchable.remove(rendition);
    }
    return expired;
  }

  private void render(String rendition) {
    MediaPlaylistWindow window = windows.get(rendition);
    fetchable.remove(rendition);
    if (hasStarted(window)) {
      rendered.put(rendition, renderer.media(rendition, window));
    }
  }

  /** A window that has listed a segment keeps some. */
  private static boolean hasStarted(MediaPlaylistWindow window) {
    return window.nextMsn() > window.mediaSequence();
  }

  private void renderMultivariant() {
    boolean allStarted =
        presentation != null && windows.values().stream().allMatch(StreamPlaylists::hasStarted);
    multivariant =
        allStarted ? Optional.of(renderer.multivariant(presentation, hidden)) : Optional.empty();
  }

  /**
   * The next version.
   *
   * @param others what else may be fetched, by rendition
   */
  StreamSnapshot next(Map<String, Set<String>> others) {
    Map<String, Set<String>> objects = new HashMap<>();
    Map<String, Long> nextMsn = new HashMap<>();
    Map<String, String> hints = new HashMap<>();
    windows.forEach(
        (name, window) -> {
          objects.put(name, fetchable.computeIfAbsent(name, changed -> names(window)));
          nextMsn.put(name, window.nextMsn());
          window.hint(epoch).ifPresent(hint -> hints.put(name, hint));
        });
    others.forEach((name, more) -> objects.merge(name, more, StreamPlaylists::both));
    version++;
    return new StreamSnapshot(
        streamId, epoch, version, multivariant, rendered, objects, nextMsn, hints);
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }

  private static Set<String> names(MediaPlaylistWindow playlist) {
    Set<String> names = new HashSet<>(playlist.partNames());
    WindowState window = playlist.state();
    window.listed().forEach(ref -> addNames(names, ref));
    window.retained().stream().map(RetainedSegment::ref).forEach(ref -> addNames(names, ref));
    playlist.openInitName().ifPresent(names::add);
    return names;
  }

  private static void addNames(Set<String> names, SegmentRef ref) {
    if (!ref.gap()) {
      names.add(ref.name());
    }
    names.add(ref.initName());
  }
}
