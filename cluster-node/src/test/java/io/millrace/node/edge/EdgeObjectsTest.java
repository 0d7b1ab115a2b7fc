package io.millrace.node.edge;

import static io.millrace.node.edge.PushSamples.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.http.MediaObject;
import io.millrace.http.UnavailableException;
import io.millrace.media.PartRef;
import io.millrace.media.store.SegmentStore;
import io.millrace.node.cluster.Endpoint;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory, then the owner, then the store; one read for all who ask. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class EdgeObjectsTest {
  private static final ObjectKey KEY = new ObjectKey("cam", "source", "1-0.m4s");
  private static final byte[] BYTES = {1, 2, 3};

  private final List<CompletableFuture<Optional<byte[]>>> fetches = new ArrayList<>();
  private final List<CompletableFuture<byte[]>> reads = new ArrayList<>();
  private final CompletableFuture<byte[]> stored = new CompletableFuture<>();
  private EdgeObjects objects;

  @BeforeEach
  void wire() {
    objects = objects(1 << 20);
  }

  private EdgeObjects objects(long maxBytes) {
    SegmentStore store =
        (SegmentStore)
            Proxy.newProxyInstance(
                SegmentStore.class.getClassLoader(),
                new Class<?>[] {SegmentStore.class},
                (proxy, method, args) -> {
                  CompletableFuture<byte[]> read = stored.copy();
                  reads.add(read);
                  return read;
                });
    EdgeObjects made = new EdgeObjects(store, maxBytes);
    made.readFrom(
        (owner, streamId, rendition, name) -> {
          CompletableFuture<Optional<byte[]>> fetch = new CompletableFuture<>();
          fetches.add(fetch);
          return fetch;
        });
    return made;
  }

  private CompletableFuture<Optional<MediaObject>> get(Endpoint owner) {
    return objects.get(KEY, owner).toCompletableFuture();
  }

  @Test
  void fetchesOnceHoweverManyAskAndKeepsIt() {
    CompletableFuture<Optional<MediaObject>> first = get(SOURCE);
    CompletableFuture<Optional<MediaObject>> second = get(SOURCE);
    assertThat(fetches).hasSize(1);
    fetches.get(0).complete(Optional.of(BYTES));
    assertThat(first.join().orElseThrow().bytes()).isEqualTo(BYTES);
    assertThat(second.join().orElseThrow().contentType()).isEqualTo("video/mp4");
    assertThat(get(SOURCE).join()).isPresent();
    assertThat(fetches).hasSize(1);
    assertThat(reads).isEmpty();
    assertThat(objects.bytes()).isEqualTo(3);
  }

  @Test
  void readsFromTheStoreWhatTheOwnerDoesNotHave() {
    CompletableFuture<Optional<MediaObject>> object = get(SOURCE);
    fetches.get(0).complete(Optional.empty());
    reads.get(0).complete(BYTES);
    assertThat(object.join()).isPresent();
  }

  @Test
  void readsFromTheStoreWhenTheOwnerIsGone() {
    CompletableFuture<Optional<MediaObject>> object = get(SOURCE);
    fetches.get(0).completeExceptionally(new IOException("connection refused"));
    reads.get(0).complete(BYTES);
    assertThat(object.join()).isPresent();
  }

  @Test
  void readsFromTheStoreWhenTheOwnerIsLate() {
    stored.complete(BYTES);
    assertThat(get(SOURCE).join()).isPresent();
    assertThat(fetches).hasSize(1);
  }

  @Test
  void knowsThatNobodyHasItOnlyWhenBothSaySo() {
    CompletableFuture<Optional<MediaObject>> object = get(SOURCE);
    fetches.get(0).complete(Optional.empty());
    reads.get(0).complete(null);
    assertThat(object.join()).isEmpty();

    CompletableFuture<Optional<MediaObject>> unknown = get(SOURCE);
    fetches.get(1).completeExceptionally(new IOException("connection refused"));
    reads.get(1).complete(null);
    assertThatThrownBy(unknown::join).hasCauseInstanceOf(UnavailableException.class);

    CompletableFuture<Optional<MediaObject>> storeDown = get(SOURCE);
    fetches.get(2).complete(Optional.empty());
    reads.get(2).completeExceptionally(new IOException("store is down"));
    assertThatThrownBy(storeDown::join).hasCauseInstanceOf(UnavailableException.class);
  }

  @Test
  void asksOnlyTheStoreWhenTheOwnerIsHereOrNotKnown() {
    CompletableFuture<Optional<MediaObject>> object = get(Endpoint.NONE);
    reads.get(0).complete(BYTES);
    assertThat(object.join()).isPresent();
    assertThat(fetches).isEmpty();
  }

  @Test
  void cutsPartsOutOfTheirSegmentOnceItIsWhole() {
    objects.put(key("1-0.0.m4s"), new byte[] {1});
    objects.put(key("1-0.1.m4s"), new byte[] {2, 3});
    objects.put(KEY, BYTES);
    objects.putParts(KEY, List.of(part(0, 1), part(1, 2)));

    assertThat(objects.bytes()).isEqualTo(3);
    MediaObject second = objects.present(key("1-0.1.m4s")).orElseThrow();
    assertThat(second.bytes()).isSameAs(BYTES);
    assertThat(List.of(second.offset(), second.length())).containsExactly(1, 2);
    objects.remove(key("1-0.1.m4s"));
    assertThat(objects.present(key("1-0.1.m4s"))).isEmpty();
  }

  @Test
  void readsTheSegmentWhenAPartIsAskedForThatIsNotInMemoryAnyMore() {
    objects = objects(3);
    objects.put(KEY, BYTES);
    objects.putParts(KEY, List.of(part(0, 1), part(1, 2)));
    objects.put(key("1-1.m4s"), BYTES);

    CompletableFuture<Optional<MediaObject>> first =
        objects.get(key("1-0.0.m4s"), Endpoint.NONE).toCompletableFuture();
    assertThat(first).isNotDone();
    reads.get(0).complete(BYTES);
    assertThat(first.join().orElseThrow().length()).isEqualTo(1);
  }

  private static ObjectKey key(String name) {
    return new ObjectKey("cam", "source", name);
  }

  private static PartRef part(int index, int bytes) {
    return new PartRef(0, index, "1-0." + index + ".m4s", 30_000, 90_000, index == 0, bytes);
  }

  @Test
  void forgetsAStreamWithItsPartsAndKeepsTheOthers() {
    ObjectKey other = new ObjectKey("door", "source", "1-0.m4s");
    objects.put(KEY, BYTES);
    objects.put(key("1-1.m4s"), BYTES);
    objects.putParts(KEY, List.of(part(0, 1), part(1, 2)));
    objects.put(other, BYTES);

    objects.removeStream("cam");

    assertThat(objects.bytes()).isEqualTo(3);
    assertThat(objects.present(KEY)).isEmpty();
    assertThat(objects.present(key("1-0.1.m4s"))).isEmpty();
    assertThat(objects.present(other)).isPresent();
    objects.put(KEY, BYTES);
    assertThat(objects.bytes()).isEqualTo(6);
    assertThat(objects.present(key("1-0.1.m4s"))).as("only its segment is back").isEmpty();
  }

  @Test
  void keepsNoMoreThanItMay() {
    objects = objects(5);
    objects.put(KEY, BYTES);
    objects.put(new ObjectKey("cam", "source", "1-1.m4s"), BYTES);
    assertThat(objects.bytes()).isEqualTo(3);
    CompletableFuture<Optional<MediaObject>> evicted = get(SOURCE);
    assertThat(evicted).isNotDone();
  }
}
