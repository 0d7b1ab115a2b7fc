package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One message of every type that an actor's protocol permits, private ones too. The compiler does
 * not check a receive builder, so a test walks them and fails on a type that is not handled.
 */
public final class CommandSamples {
  private CommandSamples() {}

  /**
   * @param values what records are filled from, by type; numbers are 0, strings empty if not given
   */
  public static <T> List<T> of(Class<T> protocol, Object... values) {
    return Arrays.stream(protocol.getPermittedSubclasses())
        .map(type -> protocol.cast(sample(type, values)))
        .toList();
  }

  private static Object sample(Class<?> type, Object[] values) {
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] arguments = Arrays.stream(types).map(t -> value(t, values)).toArray();
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no sample of " + type, e);
    }
  }

  private static Object value(Class<?> type, Object[] values) {
    if (type == int.class) {
      return 0;
    } else if (type == long.class) {
      return 0L;
    } else if (type == boolean.class) {
      return false;
    } else if (type == String.class) {
      return "";
    } else if (type == Throwable.class) {
      return null;
    }
    return Arrays.stream(values)
        .filter(type::isInstance)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no value of " + type + " is given"));
  }

  /** Hands {@code message} to the actor and fails if it is not handled. */
  public static <T> void assertHandled(BehaviorTestKit<T> actor, T message) {
    actor.run(message);
    assertThat(actor.returnedBehavior())
        .as("what becomes of %s", message)
        .isNotSameAs(Behaviors.<T>unhandled());
  }

  /** What became of one message. */
  public record Outcome(Object message, boolean handled) {}

  /** The same actor, which also tells what became of each message. */
  public static <T> Behavior<T> observed(
      Class<T> protocol, Behavior<T> behavior, ActorRef<Outcome> observer) {
    return Behaviors.intercept(
        () ->
            new BehaviorInterceptor<T, T>(protocol) {
              @Override
              public Behavior<T> aroundReceive(
                  TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
                Behavior<T> next = target.apply(context, message);
                observer.tell(new Outcome(message, next != Behaviors.<T>unhandled()));
                return next;
              }
            },
        behavior);
  }

  /** Every type of the protocol is handled by a fresh actor. */
  public static <T> void assertHandlesAll(Behavior<T> behavior, List<T> messages) {
    messages.forEach(message -> assertHandled(BehaviorTestKit.create(behavior), message));
  }
}
