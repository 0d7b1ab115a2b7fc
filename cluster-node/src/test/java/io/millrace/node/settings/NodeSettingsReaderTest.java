package io.millrace.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.media.ladder.LadderRung;
import io.millrace.node.NodeSettings;
import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.ingest.AuthMode;
import io.millrace.node.stream.StreamSettings.SecondPublisher;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeSettingsReaderTest {
  private static Config config(String text) {
    return ConfigFactory.parseString(text).withFallback(ConfigFactory.defaultReference()).resolve();
  }

  private static SettingsException problemsOf(String text) {
    return catchThrowableOfType(
        SettingsException.class, () -> NodeSettingsReader.read(config(text)));
  }

  @Test
  void readsReferenceDefaults() {
    NodeSettings s = NodeSettingsReader.read(config(""));

    assertThat(s.rtmp().port()).isEqualTo(1935);
    assertThat(s.http().port()).isEqualTo(8080);
    assertThat(s.stream().reconnectGrace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(s.stream().pipeline().targetDurationSeconds()).isEqualTo(4);
    assertThat(s.stream().pipeline().ladder().rungs())
        .extracting(LadderRung::name)
        .containsExactly("1080p", "720p", "480p");
    assertThat(s.stream().transcodeCores()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(s.nodeName()).isNotBlank();
  }

  @Test
  void readsEveryKey() {
    NodeSettings s =
        NodeSettingsReader.read(
            config(
                """
                millrace {
                  node-name = n1, bind = 10.0.0.1, data-dir = /d, fsync = false
                  rtmp { bind = 10.0.0.2, port = 1, max-connections = 11
                    max-connections-per-address = 12, handshake-timeout = 1s, connect-timeout = 2s
                    publish-timeout = 3s, read-timeout = 4s, max-bitrate = 50M
                    max-messages-per-second = 200, refusal-delay = 1ms, max-width = 1000
                    max-height = 900, max-frame-rate = 70, max-bad-tags-per-second = 5 }
                  http { bind = 10.0.0.3, port = 2, max-connections = 21, backlog = 22
                    idle-timeout = 25s, request-timeout = 24s, max-uri-length = 300
                    object-max-age = 26s, trust-forwarded-for = true
                    tls { enabled = true, port = 3, certificate = /c.pem, key = /k.pem } }
                  hls { segment-duration = 2s, max-segment = 5s, window = 40s, min-segments = 7
                    low-latency = on, part-duration = 500ms
                    park-timeout = 8s, memory = 64MiB, max-parked-requests = 77 }
                  edge { max-streams = 78, idle-timeout = 33s }
                  stream { reconnect-grace = 31s, second-publisher = reject, retention = 32s
                    store-doubt = 3s }
                  relay { keep-media = 41s, keep-bytes = 2MiB, unsent-bytes = 1MiB, disk-bytes = 3MiB, test-accept-log = "/tmp/accept"
                    lease-timeout = 4s, resume-timeout = 5s }
                  transcode { ladder = [ { name = "240p", size = 240, bitrate = 300k, max-fps = 25 } ]
                    cut-by-encoder = false, audio-bitrate = 96k, cores = 1.5
                    thumbnail-interval = 9s, lag-limit = 15s
                    shed { halve-above = 1s, suspend-above = 2s, drop-above = 3s
                      recover-below = 100ms, settle = 4s, recover-after = 5s, min-suspend = 61s }
                    worker { spares = 0, niceness = 3, silence-timeout = 5s, start-timeout = 6s
                      max-queued-media = 7s, test-encode-delay-ms = { "720p" = 50 } } }
                }
                """));

    assertThat(s.toString())
        .contains("nodeName=n1", "dataDirectory=/d", "fsync=false")
        .contains("10.0.0.2", "port=1,", "maxConnections=11", "maxConnectionsPerAddress=12")
        .contains("handshakeTimeout=PT1S", "connectTimeout=PT2S", "publishTimeout=PT3S")
        .contains("readTimeout=PT4S", "50000000", "maxMessagesPerSecond=200")
        .contains("refusalDelay=PT0.001S", "maxLongerSidePixels=1000", "maxShorterSidePixels=900")
        .contains("maxFramesPerSecond=70", "maxBadTagsPerSecond=5")
        .contains("host=10.0.0.3", "port=2,", "maxConnections=21", "backlog=22")
        .contains("idleTimeout=PT25S", "requestTimeout=PT24S", "maxUriLength=300")
        .contains("objectMaxAge=PT26S", "trustForwardedFor=true")
        .contains("port=3,", "certificate=/c.pem", "key=/k.pem")
        .contains("targetDurationSeconds=2", "maxSegmentSeconds=5", "window=PT40S")
        .contains("partDuration=PT0.5S")
        .contains("minSegments=7", "parkTimeout=PT8S", "maxObjectBytes=67108864", "maxParked=77")
        .contains("maxStreams=78", "idleLimit=PT33S")
        .contains("reconnectGrace=PT31S", "retention=PT32S", "storeDoubt=PT3S")
        .contains("keepMedia=PT41S", "keepBytes=2097152", "unsentBytes=1048576")
        .contains("leaseTimeout=PT4S", "resumeTimeout=PT5S")
        .contains("name=240p", "shorterSidePixels=240", "bitrateBps=300000", "maxFps=25")
        .contains("cutByEncoder=false", "audioBitrateBps=96000", "transcodeCores=1.5")
        .contains("thumbnailInterval=PT9S", "lagLimit=PT15S", "halveAbove=PT1S")
        .contains("suspendAbove=PT2S", "dropAbove=PT3S", "recoverBelow=PT0.1S", "settle=PT4S")
        .contains("recoverAfter=PT5S", "minSuspend=PT1M1S", "spares=0", "niceness=3")
        .contains("silenceTimeout=PT5S", "startTimeout=PT6S", "maxQueuedMedia=PT7S")
        .contains("testEncodeDelayMs={720p=50}");
    assertThat(s.stream().secondPublisher()).isEqualTo(SecondPublisher.REJECT);
  }

  @Test
  void transcodingCanBeSwitchedOff() {
    NodeSettings s = NodeSettingsReader.read(config("millrace.transcode.enabled = false"));

    assertThat(s.stream().pipeline().ladder().rungs()).isEmpty();
  }

  @Test
  void reportsProblemsOfAllSectionsAtOnce() {
    SettingsException e =
        problemsOf(
            """
            millrace {
              mode = many
              rtmp.port = 70000
              hls.segment-duration = 2500ms
              transcode.ladder = [ { name = source, size = 720, bitrate = 1M, max-fps = 30 } ]
            }
            """);

    assertThat(e.problems())
        .containsExactlyInAnyOrder(
            "millrace.mode = many: must be one of single, cluster",
            "millrace.rtmp.port = 70000: must be a whole number from 0 to 65535",
            "millrace.hls.segment-duration = 2500ms: must be whole seconds",
            "millrace.transcode.ladder[0].name = source: must be small letters and digits, at most"
                + " 16, not \"source\" or \"audio\"");
  }

  @Test
  void refusesSegmentsThatDoNotFitTheLimitsOfOtherKeys() {
    SettingsException e = problemsOf("millrace.hls.segment-duration = 7s");

    assertThat(e.problems())
        .containsExactly(
            "millrace.hls.max-segment = 6s: must be at least segment-duration",
            "millrace.transcode.lag-limit = 12s: must be at least two hls.segment-durations");
  }

  @Test
  void refusesToGiveUpRequestsAndStreamsThatMayStillWait() {
    assertThat(
            problemsOf("millrace { hls.park-timeout = 30s, http.request-timeout = 30s }")
                .problems())
        .containsExactly(
            "millrace.http.request-timeout = 30s: must be longer than hls.park-timeout");
    assertThat(problemsOf("millrace.edge.idle-timeout = 10s").problems())
        .containsExactly(
            "millrace.edge.idle-timeout = 10s: must be a duration with its unit, from 15s to"
                + " 3600s");
  }

  @Test
  void refusesTwoListenersOnOneAddressAndPort() {
    SettingsException e = problemsOf("millrace { rtmp.port = 9000, http.port = 9000 }");

    assertThat(e.problems())
        .containsExactly(
            "millrace.http.port = 9000: must differ from millrace.rtmp.port on the same address");
  }

  @Test
  void refusesTlsOnThePortOfAnotherListenerAndWithoutItsFiles() {
    assertThat(
            problemsOf(
                    "millrace.http { port = 9, tls { enabled = true, port = 9"
                        + ", certificate = c, key = k } }")
                .problems())
        .containsExactly(
            "millrace.http.tls.port = 9: must differ from millrace.http.port on the same address");
    assertThat(problemsOf("millrace.http.tls.enabled = true").problems())
        .containsExactly(
            "millrace.http.tls.certificate = : must be a PEM file when TLS is enabled",
            "millrace.http.tls.key = : must be a PEM file when TLS is enabled");
  }

  private static final String CLUSTER =
      """
      millrace {
        mode = cluster, bind = 10.0.0.1
        cluster { seed-nodes = ["10.0.0.1:25520"], secret = 0123456789abcdef }
        redis.uri = "redis://10.0.0.9:6379"
      }
      """;

  @Test
  void readsEveryKeyOfACluster() {
    NodeSettings s =
        NodeSettingsReader.read(
            config(
                """
                millrace {
                  mode = cluster, auth = open
                  cluster { bind = 10.1.0.1, artery-port = 31, data-port = 32
                    internal-http-port = 33, seed-nodes = "a:1, b:2", roles = "origin,edge"
                    secret = 0123456789abcdef, slots = 64, quick-down = false
                    drain-timeout = 9s }
                  placement.owner-apart-from-ingest = false
                  redis { uri = "rediss://:pw@10.0.0.9:6379", key-prefix = other
                    command-timeout = 3s }
                }
                """));

    assertThat(s.auth()).isEqualTo(AuthMode.OPEN);
    ClusterSettings cluster = s.cluster().orElseThrow();
    assertThat(cluster.secret()).isEqualTo("0123456789abcdef");
    assertThat(cluster.redis().uri()).isEqualTo("rediss://:pw@10.0.0.9:6379");
    assertThat(cluster.toString())
        .contains("privateHost=10.1.0.1", "arteryPort=31", "dataPort=32", "internalHttpPort=33")
        .contains("seedNodes=[a:1, b:2]", "roles=[edge, origin]", "slots=64", "quickDown=false")
        .contains("drainTimeout=PT9S", "ownerApartFromIngest=false", "keyPrefix=other")
        .contains("commandTimeout=PT3S")
        .doesNotContain("0123456789abcdef", "pw");
  }

  @Test
  void clusterIsClosedToPublishersByDefault() {
    assertThat(NodeSettingsReader.read(config(CLUSTER)).auth()).isEqualTo(AuthMode.KEYS);
    assertThat(NodeSettingsReader.read(config("")).auth()).isEqualTo(AuthMode.OPEN);
  }

  @Test
  void clusterNeedsAStoreASecretSeedsAndAnAddress() {
    SettingsException e = problemsOf("millrace.mode = cluster");

    assertThat(e.problems())
        .containsExactlyInAnyOrder(
            "millrace.cluster.bind = : must be an address at which other nodes reach this one, not"
                + " a wildcard",
            "millrace.cluster.seed-nodes = []: must name at least one node, e.g."
                + " [\"10.0.0.1:25520\"]",
            "millrace.cluster.secret = (not set): must be at least 16 characters",
            "millrace.redis.uri = (not set): must be the address of a Redis, e.g."
                + " redis://10.0.0.5:6379: the nodes of a cluster share their store, files serve"
                + " one node only");
  }

  @Test
  void problemsNeverShowSecrets() {
    SettingsException e = problemsOf(CLUSTER + "millrace.cluster.secret = short-one");

    assertThat(e.problems())
        .containsExactly("millrace.cluster.secret = (hidden): must be at least 16 characters");
  }

  @Test
  void refusesAPrivateListenerOnAPublicOne() {
    SettingsException e = problemsOf(CLUSTER + "millrace.cluster.data-port = 1935");

    assertThat(e.problems())
        .containsExactly(
            "millrace.cluster.data-port = 1935: must differ from millrace.rtmp.port on the same"
                + " address");
  }

  @Test
  void reportsRulesAcrossFieldsOfASection() {
    SettingsException e = problemsOf("millrace.relay { keep-bytes = 1MiB, unsent-bytes = 2MiB }");

    assertThat(e.problems()).hasSize(1);
    assertThat(e.problems().get(0)).startsWith("millrace.relay: unsentBytes");
  }
}
