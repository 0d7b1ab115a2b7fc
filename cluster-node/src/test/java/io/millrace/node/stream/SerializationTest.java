package io.millrace.node.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.http.ViewerSample;
import io.millrace.media.hls.WindowState;
import io.millrace.node.CborSerializable;
import io.millrace.node.GoldenFiles;
import io.millrace.node.TestKits;
import io.millrace.node.WireForms;
import io.millrace.node.cluster.Endpoint;
import io.millrace.node.edge.EdgeFollower;
import io.millrace.node.edge.FollowRequest;
import io.millrace.node.edge.PushSamples;
import io.millrace.node.ingest.PublishAnswer;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.node.placement.NodeLoad;
import io.millrace.node.relay.LeaseReply;
import io.millrace.node.relay.LeaseRequest;
import io.millrace.node.relay.PublisherActor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.SerializationTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What crosses nodes or is persisted goes through the real serializer and comes back equal. */
class SerializationTest {
  private static ActorTestKit testKit;

  @BeforeAll
  static void start() {
    testKit = TestKits.local();
  }

  @AfterAll
  static void stop() {
    testKit.shutdownTestKit();
  }

  private static List<Object> messages() {
    LeaseRequest request = new LeaseRequest("cam", "id", 3, "peer");
    return List.of(
        new StreamActor.StartPublish(
            request,
            testKit.<PublisherActor.Command>createTestProbe().getRef(),
            testKit.<LeaseReply>createTestProbe().getRef()),
        new StreamActor.Wake(),
        new StreamActor.Kick(testKit.<StreamActor.KickReply>createTestProbe().getRef()),
        new StreamActor.Stop(),
        new StreamActor.Follow(
            new FollowRequest(
                testKit.<EdgeFollower.Command>createTestProbe().getRef(),
                "node",
                new ViewerSample(3, List.of(Long.MIN_VALUE, -1L, 5L)),
                2,
                7)),
        PushSamples.push(),
        PushSamples.change(),
        new EdgeFollower.Beat(2, 7),
        new EdgeFollower.Unknown(),
        new EdgeFollower.Released(2),
        new StreamActor.KickReply(true),
        new LeaseReply.Accepted("id", "node", new Endpoint("10.0.0.1", 1936), 2, 3, 4),
        new LeaseReply.Rejected("id", PublishAnswer.Reason.DENIED, "text"),
        new PublisherActor.Close(CloseReason.KICKED, "text"),
        load());
  }

  private static NodeLoad load() {
    return new NodeLoad(
        "node",
        "pekko://millrace@10.0.0.1:25520",
        7,
        new Endpoint("10.0.0.1", 1936),
        new Endpoint("10.0.0.1", 1937),
        Set.of("origin"),
        4,
        2.5,
        0.75,
        2,
        1,
        9,
        List.of(new NodeLoad.SlotUse(5, 2)),
        true);
  }

  private static StreamState state() {
    return StreamState.none("cam")
        .claimed("node")
        .live(3, 1_000)
        .reconnecting(5_000)
        .with(
            StreamSamples.pipelineState(1),
            Map.of(
                "source",
                new WindowState(
                    1, 0, false, List.of(StreamSamples.segment(1, 0).ref()), List.of())));
  }

  @Test
  void roundTripsEveryMessage() {
    SerializationTestKit serialization = testKit.serializationTestKit();
    messages().forEach(message -> serialization.verifySerialization(message, true));
  }

  @Test
  void roundTripsTheDurableState() {
    testKit.serializationTestKit().verifySerialization(state(), true);
  }

  @Test
  void writesWhatItAlwaysWroteAndReadsIt() throws Exception {
    ObjectMapper cbor =
        JacksonObjectMapperProvider.get(testKit.system())
            .getOrCreate("jackson-cbor", Optional.empty());
    Serialization serialization = SerializationExtension.get(testKit.system());
    List<Object> all = new ArrayList<>(messages());
    all.add(state());
    for (Object value : all) {
      Serializer serializer = serialization.findSerializerFor(value);
      String manifest = Serializers.manifestFor(serializer, value);
      byte[] written = serialization.serialize(value).get();
      WireForms forms = new WireForms();
      JsonNode actual = forms.golden(cbor.readTree(written));
      JsonNode golden = GoldenFiles.golden(fileOf(value), actual);
      assertThat(actual).as(manifest).isEqualTo(golden);

      JsonNode old = forms.wire(golden);
      Object read =
          serialization
              .deserialize(cbor.writeValueAsBytes(old), serializer.identifier(), manifest)
              .get();
      assertThat(read).isEqualTo(value);
    }
  }

  private static String fileOf(Object value) {
    return value.getClass().getName().replaceAll(".*[.]", "").replace('$', '-');
  }

  @Test
  void knowsEverySerializableCommand() {
    List<Class<?>> covered = messages().stream().<Class<?>>map(Object::getClass).toList();
    List<Class<?>> serializable =
        Stream.of(
                StreamActor.Command.class,
                PublisherActor.Command.class,
                EdgeFollower.Command.class,
                LeaseReply.class)
            .flatMap(type -> Arrays.stream(type.getPermittedSubclasses()))
            .filter(CborSerializable.class::isAssignableFrom)
            .<Class<?>>map(type -> type)
            .toList();
    assertThat(covered).containsAll(serializable);
  }
}
