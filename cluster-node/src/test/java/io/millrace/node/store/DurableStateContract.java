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
public abstract class DurableStateContract {

  /** A store of its own over the same place. */
  protected abstract DurableStateUpdateStore<Object> writer();

  /** Everything in the place is gone. */
  protected abstract void loseEverything() throws Exception;

  /** Remembers the record as it is now. */
  protected abstract void keepCopy(String persistenceId) throws Exception;

  /** The record is again as it was at {@link #keepCopy}, as when an older replica takes over. */
  protected abstract void bringBackCopy(String persistenceId) throws Exception;

  /** This store's exception for a writer whose view is old. */
  protected abstract Class<? extends Throwable> stale();

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
        .matches(FencedException::isCauseOf);
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
        .hasCauseInstanceOf(stale());
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

  @Test
  void writesTheWholeStateAgainWhenTheStoreWasEmptiedUnderItsOwner() throws Exception {
    DurableStateUpdateStore<Object> owner = writer();
    await(owner.upsertObject("g", 1, "one", ""));
    await(owner.upsertObject("g", 2, "two", ""));
    loseEverything();
    await(owner.upsertObject("g", 3, "three", ""));
    GetObjectResult<Object> result = await(writer().getObject("g"));
    assertThat(result.value()).contains("three");
    assertThat(result.revision()).isEqualTo(3);
  }

  @Test
  void writesTheWholeStateAgainWhenTheStoreWentBackToAnOlderOne() throws Exception {
    DurableStateUpdateStore<Object> owner = writer();
    await(owner.upsertObject("h", 1, "one", ""));
    keepCopy("h");
    await(owner.upsertObject("h", 2, "two", ""));
    await(owner.upsertObject("h", 3, "three", ""));
    bringBackCopy("h");
    await(owner.upsertObject("h", 4, "four", ""));
    assertThat(await(writer().getObject("h")).value()).contains("four");
  }

  @Test
  void writesAgainOverItsPredecessorsStateWhenTheStoreForgotItsClaim() throws Exception {
    DurableStateUpdateStore<Object> first = writer();
    await(first.upsertObject("i", 1, "first", ""));
    keepCopy("i");
    DurableStateUpdateStore<Object> next = writer();
    await(next.getObject("i"));
    await(next.upsertObject("i", 2, "claim", ""));
    bringBackCopy("i");
    await(next.upsertObject("i", 3, "next", ""));
    assertThat(await(writer().getObject("i")).value()).contains("next");
    assertThatThrownBy(() -> await(first.upsertObject("i", 2, "stale", "")))
        .matches(FencedException::isCauseOf);
  }

  @Test
  void fencesTheOldOwnerWhenTheStoreWasEmptiedAndAnotherClaimed() throws Exception {
    DurableStateUpdateStore<Object> old = writer();
    await(old.upsertObject("j", 1, "one", ""));
    await(old.upsertObject("j", 2, "two", ""));
    loseEverything();
    DurableStateUpdateStore<Object> next = writer();
    await(next.getObject("j"));
    await(next.upsertObject("j", 1, "next", ""));
    assertThatThrownBy(() -> await(old.upsertObject("j", 3, "stale", "")))
        .matches(FencedException::isCauseOf);
    assertThat(await(writer().getObject("j")).value()).contains("next");
  }

  @Test
  void fencesAnOwnerWhoseExpectedRevisionAnotherHasWritten() throws Exception {
    DurableStateUpdateStore<Object> old = writer();
    await(old.upsertObject("k", 1, "one", ""));
    loseEverything();
    await(writer().upsertObject("k", 1, "next", ""));
    assertThatThrownBy(() -> await(old.upsertObject("k", 2, "stale", "")))
        .matches(FencedException::isCauseOf);
  }

  @Test
  void asksTheWriterToReadAgainWhenItsOwnLateWriteArrived() throws Exception {
    DurableStateUpdateStore<Object> store = writer();
    await(store.upsertObject("l", 1, "one", ""));
    await(store.upsertObject("l", 2, "late", ""));
    assertThatThrownBy(() -> await(store.upsertObject("l", 2, "other", "")))
        .hasCauseInstanceOf(stale());
  }

  public static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
