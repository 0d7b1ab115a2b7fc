package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.http.HlsStream;
import io.millrace.http.InternalClient;
import io.millrace.http.InternalServer;
import io.millrace.http.InternalToken;
import io.millrace.http.MediaObject;
import io.millrace.http.Playlist;
import io.millrace.http.PlaylistPosition;
import io.millrace.http.ReloadAnswer;
import io.millrace.media.MediaPart;
import io.millrace.media.PartRef;
import io.millrace.media.Presentation;
import io.millrace.media.hls.WindowSettings;
import io.millrace.node.TestKits;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.edge.EdgeFollowers;
import io.millrace.node.edge.EdgeSettingsSamples;
import io.millrace.node.edge.FollowPort;
import io.millrace.node.edge.FollowRequest;
import io.millrace.node.edge.InternalHttp;
import io.millrace.node.edge.OwnedStreams;
import io.millrace.node.edge.Sessions;
import io.millrace.node.edge.StreamEdge;
import io.millrace.node.edge.StreamStatuses;
import io.millrace.node.placement.DirectoryEntry;
import io.millrace.node.store.FileSegmentStore;
import io.millrace.node.store.FileStreamDirectory;
import io.millrace.node.store.StoreSettings;
import io.millrace.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Playlists and objects on their way from an owner's actor system to the viewers of another one,
 * over the configuration's own transports.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RemoteViewersIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final InternalToken TOKEN = InternalToken.of("secret");

  @TempDir Path data;
  private final CompletableFuture<ActorRef<PlaylistActor.Command>> playlists =
      new CompletableFuture<>();
  private ActorSystem<StreamActor.Follow> owner;
  private ActorSystem<Void> viewers;

  @AfterEach
  void stop() throws Exception {
    for (ActorSystem<?> system : new ActorSystem<?>[] {owner, viewers}) {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private StreamEdge edge(String node) throws IOException {
    StoreSettings store = new StoreSettings(data.resolve(node), false);
    FileStreamDirectory directory = FileStreamDirectory.open(store, Runnable::run);
    directory.putIfAbsent(entry()).toCompletableFuture().join();
    return new StreamEdge(
        EdgeSettingsSamples.of(Duration.ofSeconds(10), 1 << 20),
        directory,
        new FileSegmentStore(store, Runnable::run));
  }

  private static DirectoryEntry entry() {
    return new DirectoryEntry("cam", 1, "LIVE", "owner", 1, 1);
  }

  /** Stands for the stream's entity. */
  private Behavior<StreamActor.Follow> entity(PlaylistActor.Place place) {
    return Behaviors.setup(
        context -> {
          ActorRef<PlaylistActor.Command> actor =
              context.spawn(
                  PlaylistActor.create(place, Optional.empty(), Leftovers.NONE), "playlists");
          playlists.complete(actor);
          return Behaviors.receive(StreamActor.Follow.class)
              .onMessage(
                  StreamActor.Follow.class,
                  follow -> {
                    actor.tell(new PlaylistActor.Follow(follow.request()));
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private static final class Way implements FollowPort {
    private final ActorRef<StreamActor.Follow> entity;

    Way(ActorRef<StreamActor.Follow> entity) {
      this.entity = entity;
    }

    @Override
    public CompletionStage<Optional<DirectoryEntry>> follow(String id, FollowRequest request) {
      follow(entry(), request);
      return CompletableFuture.completedFuture(Optional.of(entry()));
    }

    @Override
    public void follow(DirectoryEntry known, FollowRequest request) {
      entity.tell(new StreamActor.Follow(request));
    }
  }

  private StreamEdge owning() throws Exception {
    StreamEdge edge = edge("owner");
    CompletableFuture<Endpoint> http = new CompletableFuture<>();
    owner =
        TestKits.clusterSystem(
            Behaviors.setup(
                context -> {
                  InternalServer.start(
                          context.getSystem(),
                          "127.0.0.1",
                          0,
                          TOKEN,
                          InternalHttp.serve(
                              edge, new OwnedStreams(new StreamStatuses(), edge::viewers)))
                      .thenAccept(
                          bound ->
                              http.complete(new Endpoint("127.0.0.1", bound.address().getPort())));
                  return entity(
                      new PlaylistActor.Place(
                          "cam",
                          1,
                          new WindowSettings(Duration.ofSeconds(30), 6, 0),
                          edge,
                          new FileSegmentStore(
                              new StoreSettings(data.resolve("owner"), false), Runnable::run),
                          http.get(30, TimeUnit.SECONDS),
                          new SimpleMeterRegistry()));
                }));
    return edge;
  }

  private StreamEdge watching() throws Exception {
    CompletableFuture<Void> following = new CompletableFuture<>();
    StreamEdge edge = edge("viewers");
    edge.countViewersBy(new Sessions(3, 4, 5, 6));
    String address = ActorRefResolver.get(owner).toSerializationFormat(owner);
    viewers =
        TestKits.clusterSystem(
            Behaviors.setup(
                context -> {
                  ActorRef<StreamActor.Follow> entity =
                      ActorRefResolver.get(context.getSystem()).resolveActorRef(address);
                  edge.readObjectsFrom(
                      InternalHttp.objects(new InternalClient(context.getSystem(), TOKEN)));
                  edge.followBy(
                      context.spawn(
                          EdgeFollowers.create(edge, new Way(entity), "viewers"), "edge"));
                  following.complete(null);
                  return Behaviors.empty();
                }));
    following.get(30, TimeUnit.SECONDS);
    return edge;
  }

  private void show(StreamEdge edge, long msn) {
    var segment = StreamSamples.segment(1, msn);
    edge.putObject("cam", "source", segment.ref().name(), segment.bytes());
    playlists.join().tell(new PlaylistActor.Show("source", segment.ref()));
  }

  @Test
  void servesTheSameBytesAsTheOwner() throws Exception {
    StreamEdge there = owning();
    playlists.join().tell(new PlaylistActor.Present(StreamSamples.presentation()));
    show(there, 0);
    there.countViewersBy(new Sessions(1, 2, 3, 4));
    StreamEdge here = watching();

    HlsStream stream =
        Await.value("stream is known", SOON, () -> here.open("cam").toCompletableFuture().get());
    Await.until("first segment is listed", SOON, () -> stream.mediaPlaylist("source").isPresent());
    show(there, 1);
    show(there, 2);
    HlsStream owned = there.open("cam").toCompletableFuture().get().orElseThrow();
    Await.until(
        "all segments are listed",
        SOON,
        () ->
            new String(stream.mediaPlaylist("source").orElseThrow().plain(), StandardCharsets.UTF_8)
                .contains("1-2.m4s"));

    assertThat(stream.mediaPlaylist("source").orElseThrow().plain())
        .isEqualTo(owned.mediaPlaylist("source").orElseThrow().plain());
    assertThat(stream.mediaPlaylist("source").orElseThrow().gzip())
        .isEqualTo(owned.mediaPlaylist("source").orElseThrow().gzip());
    assertThat(stream.multivariant().toCompletableFuture().get().orElseThrow().etag())
        .isEqualTo(owned.multivariant().toCompletableFuture().get().orElseThrow().etag());
    assertThat(stream.object("source", "1-2.m4s").toCompletableFuture().get().orElseThrow().bytes())
        .containsExactly(1, 2, 3);
    assertThat(stream.object("source", "1-9.m4s").toCompletableFuture().get()).isEmpty();
    Await.until("viewers are counted at the owner", SOON, () -> there.viewers("cam") == 6);
  }

  private void showPart(StreamEdge edge, int index) {
    String name = PartRef.name(1, 1, index);
    edge.putObject("cam", "source", name, new byte[] {7, (byte) index});
    PartRef ref = new PartRef(1, index, name, 30_000, 90_000, index == 0, 2);
    MediaPart.Parent parent = new MediaPart.Parent("init-0.mp4", false, 4_000);
    playlists
        .join()
        .tell(new PlaylistActor.ShowPart("source", ref, parent, false, System.nanoTime()));
  }

  @Test
  void letsViewersOfAnotherNodeWaitForPartsAndTheirVersions() throws Exception {
    StreamEdge there = owning();
    Presentation plain = StreamSamples.presentation();
    playlists.join().tell(new PlaylistActor.Present(new Presentation(4, plain.renditions(), 335)));
    show(there, 0);
    showPart(there, 0);
    StreamEdge here = watching();
    HlsStream stream =
        Await.value("stream is known", SOON, () -> here.open("cam").toCompletableFuture().get());
    PlaylistPosition first = new PlaylistPosition(1, 0, 0);
    Await.until(
        "first part is listed",
        SOON,
        () -> stream.mediaPlaylist("source").filter(p -> p.position().equals(first)).isPresent());

    CompletableFuture<ReloadAnswer> reload = stream.reload("source", 1, 2).toCompletableFuture();
    CompletableFuture<Optional<MediaObject>> hinted =
        stream.object("source", PartRef.name(1, 1, 1)).toCompletableFuture();
    assertThat(reload).isNotDone();
    assertThat(hinted).isNotDone();
    showPart(there, 1);
    assertThat(hinted.get(30, TimeUnit.SECONDS).orElseThrow().bytes()).containsExactly(7, 1);
    showPart(there, 2);

    Playlist shown = reload.get(30, TimeUnit.SECONDS).playlist();
    HlsStream owned = there.open("cam").toCompletableFuture().get().orElseThrow();
    assertThat(shown.plain()).isEqualTo(owned.mediaPlaylist("source").orElseThrow().plain());
    assertThat(shown.plain()).asString().contains("1-1.2.m4s", "PRELOAD-HINT", "1-1.3.m4s");
    assertThat(shown.partTargetMillis()).isEqualTo(335);
    assertThat(stream.awaits("source", PartRef.name(1, 1, 3))).isTrue();
    assertThat(stream.object("source", PartRef.name(1, 1, 9)).toCompletableFuture().get())
        .isEmpty();
  }
}
