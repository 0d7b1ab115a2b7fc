package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.cluster.Endpoint;
import io.millrace.node.cluster.NodeIdentity;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.relay.LeaseRequest;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** Who may publish a stream, and with which session. */
class PublishLeaseTest extends OneStream {
  private static final NodeIdentity ELSEWHERE =
      new NodeIdentity("node", new Endpoint("10.0.0.9", 1936), Endpoint.NONE);

  @Test
  void grantsTheLeaseWithANewEpochAndSession() throws Exception {
    LeaseReply.Accepted reply = accepted(start(SecondPublisher.TAKE_OVER), 0);
    assertThat(reply.epoch()).isEqualTo(1);
    assertThat(reply.session()).isEqualTo(1);
    assertThat(reply.firstSeq()).isZero();
    awaitState("live");
  }

  @Test
  void answersARepeatedRequestWithTheSameLease() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.TAKE_OVER);
    LeaseRequest request = lease(0);
    LeaseReply first = publish(stream, request);
    assertThat(publish(stream, request)).isEqualTo(first);
  }

  @Test
  void rejectsASecondPublisherWhenThePolicySaysSo() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.REJECT);
    accepted(stream, 0);
    LeaseReply reply = publish(stream, 0);
    assertThat(reply).isInstanceOf(LeaseReply.Rejected.class);
    assertThat(((LeaseReply.Rejected) reply).reason())
        .isEqualTo(PublishAnswer.Reason.ALREADY_PUBLISHING);
  }

  @Test
  void letsASecondPublisherTakeOverWithANewSession() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    pass(Duration.ofSeconds(11));
    assertThat(accepted(stream, 0).session()).isEqualTo(2);
    assertThat(calls()).contains("start 1", "start 2");
  }

  @Test
  void doesNotLetTwoEncodersPlayPingPong() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    pass(Duration.ofSeconds(5));
    engines.newest().silence(Duration.ofMillis(500));
    assertThat(publish(stream, 0)).isInstanceOf(LeaseReply.Rejected.class);
    engines.newest().silence(Duration.ofSeconds(3));
    assertThat(accepted(stream, 0).session()).isEqualTo(2);
  }

  @Test
  void letsTheRelayOfALivingSessionComeBack() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.REJECT);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.RelayLost(1));
    LeaseReply.Accepted resumed = accepted(stream, 1);
    assertThat(resumed.epoch()).isEqualTo(1);
    assertThat(resumed.session()).isEqualTo(1);
    engines.newest().awaitCall(replies, "resume 1");
    pass(StreamSettings.RELAY_WAIT);
    awaitState("live");
  }

  @Test
  void letsAPublisherComeBackWhenTheWayToItBroke() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.REJECT);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.RelayLost(1));
    assertThat(accepted(stream, 0).session()).isEqualTo(2);
    assertThat(publish(stream, 1)).isInstanceOf(LeaseReply.Rejected.class);
  }

  @Test
  void rejectsAnotherPublisherWhileTheWayToTheFirstIsBroken() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.REJECT);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.RelayLost(1));
    LeaseReply reply = publish(stream, lease(0, "10.0.0.2:5000"));
    assertThat(reply).isInstanceOf(LeaseReply.Rejected.class);
    assertThat(((LeaseReply.Rejected) reply).reason())
        .isEqualTo(PublishAnswer.Reason.ALREADY_PUBLISHING);

    pass(StreamSettings.RELAY_WAIT);
    awaitState("reconnecting");
    assertThat(publish(stream, lease(0, "10.0.0.2:5000"))).isInstanceOf(LeaseReply.Accepted.class);
  }

  @Test
  void rejectsAnotherPublisherWhileANewOwnerWaitsForTheFirst() throws Exception {
    ActorRef<StreamActor.Command> stream = startWithOneSegment(SecondPublisher.REJECT);
    testKit.stop(stream);

    ActorRef<StreamActor.Command> next = start(SecondPublisher.REJECT, ELSEWHERE);
    awaitHandled(next);
    pass(StreamSettings.TAIL_WAIT);
    assertThat(publish(next, 0)).isInstanceOf(LeaseReply.Rejected.class);
    assertThat(accepted(next, 1).session()).isEqualTo(1);
  }

  @Test
  void takesTheRestOfAnEndedPublishBeforeThePublishersNextSession() throws Exception {
    ActorRef<StreamActor.Command> next = nextOwnerOfAnEndedPublish();

    ask(next, lease(0));
    assertThat(accepted(next, 1).session()).isEqualTo(1);
    awaitHandled(next);
    pass(StreamSettings.TAIL_WAIT);
    engines.newest().tell(new EngineEvent.SessionOver(1));
    await("the next session begins", () -> calls().contains("start 2"));
    assertThat(((LeaseReply.Accepted) replies.receiveMessage(SOON)).session()).isEqualTo(2);
    assertThat(calls()).containsSubsequence("resume 1", "start 2");
  }

  @Test
  void letsThePublisherInWhenNobodyHasTheRestOfItsLastSession() throws Exception {
    ActorRef<StreamActor.Command> next = nextOwnerOfAnEndedPublish();

    ask(next, lease(0));
    awaitHandled(next);
    pass(StreamSettings.TAIL_WAIT);
    assertThat(((LeaseReply.Accepted) replies.receiveMessage(SOON)).session()).isEqualTo(2);
  }

  @Test
  void letsThePublisherInWhenTheRestOfItsLastSessionDoesNotEnd() throws Exception {
    ActorRef<StreamActor.Command> next = nextOwnerOfAnEndedPublish();

    ask(next, lease(0));
    assertThat(accepted(next, 1).session()).isEqualTo(1);
    engines.newest().silence(Duration.ofSeconds(3));
    awaitHandled(next);
    pass(StreamSettings.TAIL_LIMIT);
    assertThat(((LeaseReply.Accepted) replies.receiveMessage(SOON)).session()).isEqualTo(2);
  }

  private ActorRef<StreamActor.Command> nextOwnerOfAnEndedPublish() throws Exception {
    ActorRef<StreamActor.Command> stream = startWithOneSegment(SecondPublisher.TAKE_OVER);
    engines.newest().tell(new EngineEvent.SessionOver(1));
    awaitState("reconnecting");
    testKit.stop(stream);
    return start(SecondPublisher.TAKE_OVER, ELSEWHERE);
  }

  @Test
  void waitsForAnyPublisherWhenTheRelayStaysAway() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.RelayLost(1));
    awaitHandled(stream);
    pass(StreamSettings.RELAY_WAIT);
    awaitState("reconnecting");
    engines.newest().awaitCall(replies, "end REFUSED");
    assertThat(publish(stream, 1)).isInstanceOf(LeaseReply.Rejected.class);
    pass(StreamSamples.GRACE.minus(StreamSettings.RELAY_WAIT));
    awaitState("ended");
  }

  @Test
  void letsAConnectedPublisherGoOnWhenTheEntityHasCrashed() throws Exception {
    ActorRef<StreamActor.Command> stream = startWithOneSegment(SecondPublisher.REJECT);
    FakeEngines.FakeEngine crashed = engines.newest();
    crashed.tell(new EngineEvent.Failed(new IllegalStateException("broken")));
    shard.expectTerminated(stream, Duration.ofSeconds(10));
    crashed.awaitCall(replies, "stop");

    LeaseReply.Accepted resumed = accepted(start(SecondPublisher.REJECT), 1);
    assertThat(resumed.epoch()).isEqualTo(2);
    assertThat(resumed.session()).isEqualTo(1);
    engines.newest().awaitCall(replies, "resume 1");
    awaitState("live");
    engines.newest().makeSegment(1);
    awaitListed("2-1.m4s");
    assertThat(playlist()).contains("1-0.m4s").doesNotContain("#EXT-X-DISCONTINUITY\n");
  }

  @Test
  void givesAReturningPublisherANewSessionAfterARestart() throws Exception {
    ActorRef<StreamActor.Command> stream = startWithOneSegment(SecondPublisher.REJECT);
    testKit.stop(stream);
    assertThat(accepted(start(SecondPublisher.REJECT), 0).session()).isEqualTo(2);
  }

  @Test
  void rejectsAResumeOfASessionThatIsOver() throws Exception {
    ActorRef<StreamActor.Command> stream = start(SecondPublisher.TAKE_OVER);
    accepted(stream, 0);
    engines.newest().tell(new EngineEvent.SessionOver(1));
    awaitState("reconnecting");
    assertThat(publish(stream, 1)).isInstanceOf(LeaseReply.Rejected.class);
  }

  @Test
  void takesTheRestOfAnEndedPublishFromItsRelayAfterTheOwnersDeath() throws Exception {
    ActorRef<StreamActor.Command> stream = startWithOneSegment(SecondPublisher.TAKE_OVER);
    engines.newest().tell(new EngineEvent.SessionOver(1));
    awaitState("reconnecting");
    testKit.stop(stream);

    ActorRef<StreamActor.Command> next = start(SecondPublisher.TAKE_OVER);
    assertThat(accepted(next, 1).session()).isEqualTo(1);
    engines.newest().awaitCall(replies, "resume 1");
    engines.newest().makeSegment(1);
    awaitListed("2-1.m4s");
    engines.newest().tell(new EngineEvent.SessionOver(1));
    awaitState("reconnecting");
    assertThat(publish(next, 1)).isInstanceOf(LeaseReply.Rejected.class);
    pass(StreamSamples.GRACE);
    awaitState("ended");
    assertThat(publish(next, 1)).as("starts no new stream").isInstanceOf(LeaseReply.Rejected.class);
    awaitState("ended");
  }
}
