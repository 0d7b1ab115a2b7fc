package io.millrace.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;
import org.apache.pekko.persistence.state.javadsl.GetObjectResult;
import org.junit.jupiter.api.Test;

/** What every durable-state store keeps; each call of {@link #writer()} is another process. */
abstract class DurableStateContract {

  /** A store of its own over the same place. */
  abstract DurableStateUpdateStore<Object> writer();

  @Test
  void givesBackWhatWasWrittenLast() throws Exception {
    DurableStateUpdateStore<Object> store = writer();
    await(store.upsertObject("a", 1, "one", ""));
    await(store.upsertObject("a", 2, "two", ""));
    GetObjectResult<Object> result = await(writer().getObject("a"));
    assertThat(result.value()).contains("two");
    assertThat(result.revision()).isEqualTo(2);
  }

  @Test
  void answersNothingForWhatWasNeverWritten() throws Exception {
    GetObjectResult<Object> result = await(writer().getObject("never"));
    assertThat(result.value()).isEmpty();
    assertThat(result.revision()).isZero();
  }

  @Test
  void fencesTheWriterWhoseRevisionAnotherHasTaken() throws Exception {
    DurableStateUpdateStore<Object> old = writer();
    DurableStateUpdateStore<Object> next = writer();
    await(old.upsertObject("b", 1, "old", ""));
    await(next.upsertObject("b", 2, "next", ""));
    assertThatThrownBy(() -> await(old.upsertObject("b", 2, "stale", "")))
        .hasCauseInstanceOf(FencedException.class);
    assertThat(await(writer().getObject("b")).value()).contains("next");
  }

  @Test
  void acceptsTheSameWriteAgainWhenItsReplyWasLost() throws Exception {
    DurableStateUpdateStore<Object> store = writer();
    await(store.upsertObject("c", 1, "one", ""));
    assertThatCode(() -> await(store.upsertObject("c", 1, "one", ""))).doesNotThrowAnyException();
    assertThat(await(store.getObject("c")).revision()).isEqualTo(1);
  }

  @Test
  void tellsALostRecordApartFromAnotherWriter() throws Exception {
    DurableStateUpdateStore<Object> store = writer();
    assertThatThrownBy(() -> await(store.upsertObject("d", 5, "five", "")))
        .hasCauseInstanceOf(StaleRevisionException.class);
  }

  @Test
  void keepsTheRevisionWhenARecordIsDeleted() throws Exception {
    DurableStateUpdateStore<Object> store = writer();
    await(store.upsertObject("e", 1, "one", ""));
    await(store.deleteObject("e", 2));
    GetObjectResult<Object> result = await(writer().getObject("e"));
    assertThat(result.value()).isEmpty();
    assertThat(result.revision()).isEqualTo(2);
    await(store.upsertObject("e", 3, "again", ""));
    assertThat(await(store.getObject("e")).value()).contains("again");
  }

  @Test
  void takesALargeState() throws Exception {
    String large = "x".repeat(1 << 20);
    await(writer().upsertObject("f", 1, large, ""));
    assertThat(await(writer().getObject("f")).value()).contains(large);
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
