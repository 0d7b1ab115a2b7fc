package io.millrace.http;

import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Streams as maps; a stream's answers can be replaced at any time. */
final class FakeHls implements HlsPort {

  final Map<String, HlsStream> streams = new ConcurrentHashMap<>();

  @Override
  public CompletionStage<Optional<HlsStream>> open(String streamId) {
    if (streamId.equals("breaks-open")) {
      throw new IllegalStateException("open breaks");
    }
    return CompletableFuture.completedFuture(Optional.ofNullable(streams.get(streamId)));
  }

  static final class FakeStream implements HlsStream {
    CompletableFuture<Optional<Playlist>> multivariant = new CompletableFuture<>();
    final Map<String, Playlist> playlists = new ConcurrentHashMap<>();
    final Map<String, MediaObject> objects = new ConcurrentHashMap<>();
    final Queue<String> asked = new ConcurrentLinkedQueue<>();
    volatile CompletableFuture<ReloadAnswer> reload = new CompletableFuture<>();
    volatile long answerAfterMillis;
    volatile boolean paused;

    @Override
    public CompletionStage<Optional<Playlist>> multivariant() {
      return multivariant;
    }

    @Override
    public Optional<Playlist> mediaPlaylist(String rendition) {
      return Optional.ofNullable(playlists.get(rendition));
    }

    @Override
    public CompletionStage<Optional<MediaObject>> object(String rendition, String name) {
      if (name.equals("breaks.m4s")) {
        return CompletableFuture.failedFuture(new IllegalStateException("object breaks"));
      }
      return CompletableFuture.completedFuture(
          Optional.ofNullable(objects.get(rendition + "/" + name)));
    }

    @Override
    public CompletionStage<ReloadAnswer> reload(String rendition, long msn, int part) {
      asked.add(rendition + " " + msn + " " + part);
      return answerAfterMillis == 0
          ? reload
          : new CompletableFuture<ReloadAnswer>()
              .completeOnTimeout(reload.join(), answerAfterMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean awaits(String rendition, String name) {
      return false;
    }

    @Override
    public boolean paused() {
      return paused;
    }
  }
}
