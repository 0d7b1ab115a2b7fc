package io.millrace.node.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.media.MediaUnit;
import io.millrace.node.ingest.PublishAuthorizer.Authorization;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Inputs that a server must survive, where sockets, time and caps matter. Where each row of the
 * list of bad inputs is tested:
 *
 * <pre>
 * 1, 2, 5, 6, 25, 26, 27, 46      here, by number
 * 3, 22, 23, 24                   here, and as far as the protocol alone decides in RtmpBadInputsTest
 * 4, 7 to 15, 17 to 21, 28        RtmpBadInputsTest, by number
 * 16 aggregates                   RtmpBadInputsTest; wrap: FlvDemuxerTest; jumps: StreamPipelineTest
 * 23 limit per address            FailedAttemptsTest and here
 * 25 policies, ping-pong          StreamActorTest
 * 29 tags                         FlvTagsTest, FlvDemuxerTest, and here
 * 30 parameter sets               VideoFormatsTest, AudioFormatsTest, and here
 * 31 access units                 AccessUnitParserTest, and here; rare keyframes: StreamPipelineTest
 * 32 changes under way            StreamPipelineTest, FlvDemuxerTest, WorkerIT, and here
 * </pre>
 */
class BadInputsIT {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String AVC_720P =
      "1700000000"
          + "0142c01fffe100176742c01fd9005005bb011000003e90000ea600f183248001000568cb83cb20";
  private static final String AVC_2160P =
      "1700000000"
          + "0142c034ffe100196742c034da00f0010fb011000003000100000300780f1832a001000468ce0fc8";

  private final Logger logger =
      (Logger) LoggerFactory.getLogger(BadInputsIT.class.getPackageName());
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private ListenerFixture fixture;

  @BeforeEach
  void recordLog() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
    if (fixture != null) {
      fixture.close();
    }
  }

  @Test
  void row01ClosesAConnectionThatSaysNothing() throws Exception {
    fixture = new ListenerFixture(timeouts(SHORT, LONG, LONG, LONG));
    try (Socket socket = fixture.socket()) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    fixture.awaitClosed(CloseCause.HANDSHAKE_TIMEOUT, 1);
    assertLogged("closed: no handshake in PT0.3S (peer 127.0.0.1:");
  }

  @Test
  void row02ClosesASlowHandshakeAtTheSameDeadline() throws Exception {
    fixture = new ListenerFixture(timeouts(SHORT, LONG, LONG, LONG));
    try (Socket socket = fixture.socket()) {
      socket.getOutputStream().write(3);
      ListenerFixture.await(
          () -> writeFails(socket) || fixture.closed(CloseCause.HANDSHAKE_TIMEOUT) > 0,
          "the deadline in spite of a byte now and then");
    }
    fixture.awaitClosed(CloseCause.HANDSHAKE_TIMEOUT, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000"})
  void row03NamesHttpAndTls(String greeting) throws Exception {
    fixture = new ListenerFixture(ListenerFixture.settings());
    try (Socket socket = fixture.socket()) {
      socket.getOutputStream().write(greeting.getBytes(UTF_8));
      awaitEnd(socket);
    }
    fixture.awaitClosed(CloseCause.NOT_RTMP, 1);
    assertLogged("closed: HTTP/TLS on RTMP port (peer 127.0.0.1:");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void row03ClosesForOtherVersions(int version) throws Exception {
    fixture = new ListenerFixture(ListenerFixture.settings());
    try (Socket socket = fixture.socket()) {
      socket.getOutputStream().write(version);
      awaitEnd(socket);
    }
    fixture.awaitClosed(CloseCause.PROTOCOL, 1);
  }

  @Test
  void row05ClosesWithoutConnectAndWithoutPublish() throws Exception {
    fixture = new ListenerFixture(timeouts(LONG, SHORT, SHORT, LONG));
    try (Socket socket = fixture.socket()) {
      byte[] hello = new byte[1 + 2 * 1536];
      hello[0] = 3;
      socket.getOutputStream().write(hello);
      awaitEnd(socket);
    }
    fixture.awaitClosed(CloseCause.CONNECT_TIMEOUT, 1);
    fixture.gateway.answer = publish -> new CompletableFuture<>();
    try (RawClient client = new RawClient(fixture, "live/one")) {
      client.readToEnd();
    }
    fixture.awaitClosed(CloseCause.PUBLISH_TIMEOUT, 1);
  }

  @Test
  void row06HoldsToTheCapsAndKeepsThePublisher() throws Exception {
    fixture = new ListenerFixture(caps(200, 50));
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      for (int i = 0; i < 500; i++) {
        fixture.socket().close();
      }
      List<Socket> open = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        open.add(fixture.socket());
      }
      fixture.awaitClosed(CloseCause.TOO_MANY_FROM_ADDRESS, 30);
      sendAudio(client, 10);
      FakeGateway.Publish publish = fixture.awaitPublish();
      ListenerFixture.await(() -> publish.units.size() == 11, "units of the publisher");
      for (Socket socket : open) {
        socket.close();
      }
    }
    ListenerFixture.await(() -> connections() == 0, "all connections to be given back");
    assertThat(log.list.stream().filter(e -> e.getMessage().contains("more since")).count())
        .isLessThan(10);
  }

  @Test
  void row06HoldsToTheGlobalCap() throws Exception {
    fixture = new ListenerFixture(caps(1, 50));
    try (RawClient client = new RawClient(fixture, "live/one").publish();
        Socket second = fixture.socket()) {
      awaitEnd(second);
      assertThat(client.session.publishing()).isTrue();
    }
    fixture.awaitClosed(CloseCause.TOO_MANY_CONNECTIONS, 1);
  }

  @Test
  void row22TellsBadNameAndCloses() throws Exception {
    fixture = new ListenerFixture(ListenerFixture.settings());
    try (RawClient client = new RawClient(fixture, "live/%2e%2e")) {
      client.readToEnd();
      assertThat(client.statuses).first().asString().contains("NetStream.Publish.BadName");
    }
    fixture.awaitClosed(CloseCause.BAD_NAME, 1);
    assertThat(fixture.gateway.publishes).isEmpty();
  }

  @Test
  void row23And24RefuseAfterADelayAndNeverLogTheKey() throws Exception {
    fixture =
        new ListenerFixture(
            with(ListenerFixture.settings(), Duration.ofMillis(200)),
            (target, address) ->
                CompletableFuture.completedFuture(new Authorization.Refused("Not allowed.")));
    long before = System.nanoTime();
    try (RawClient client = new RawClient(fixture, "live/SECRET?key=SECRET&user=SECRET")) {
      client.readToEnd();
      assertThat(client.statuses).containsExactly("error NetStream.Publish.Denied Not allowed.");
    }
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(200_000_000L);
    fixture.awaitClosed(CloseCause.REFUSED, 1);
    assertLogged("closed: Not allowed.");
    assertThat(log.list).noneMatch(event -> event.getFormattedMessage().contains("SECRET"));
  }

  @Test
  void row23RefusesAnAddressUnheardAfterTooManyFailures() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    fixture =
        new ListenerFixture(
            ListenerFixture.settings(),
            (target, address) -> {
              asked.incrementAndGet();
              return CompletableFuture.completedFuture(new Authorization.Refused("Not allowed."));
            });
    for (int i = 0; i < RtmpSettings.MAX_FAILED_ATTEMPTS + 10; i++) {
      try (RawClient client = new RawClient(fixture, "live/guess" + i)) {
        client.readToEnd();
        assertThat(client.statuses).first().asString().contains("NetStream.Publish.Denied");
      }
    }
    assertThat(asked.get())
        .isBetween(RtmpSettings.MAX_FAILED_ATTEMPTS, RtmpSettings.MAX_FAILED_ATTEMPTS + 5);
    assertLogged("closed: Too many failed attempts from this address.");
  }

  @Test
  void row25TellsASecondPublisherAndClosesIt() throws Exception {
    fixture = new ListenerFixture(ListenerFixture.settings());
    fixture.gateway.answer =
        publish ->
            CompletableFuture.completedFuture(
                new PublishAnswer.Rejected(
                    PublishAnswer.Reason.ALREADY_PUBLISHING, "already publishing"));
    try (RawClient client = new RawClient(fixture, "live/one")) {
      client.readToEnd();
      assertThat(client.statuses)
          .containsExactly("error NetStream.Publish.BadName already publishing");
    }
  }

  @Test
  void row25ClosesTheOldSocketWhenTakenOver() throws Exception {
    fixture = new ListenerFixture(ListenerFixture.settings());
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      FakeGateway.Publish publish = fixture.awaitPublish();
      publish.control.close(CloseReason.TAKEN_OVER, "another publisher took over");
      client.readToEnd();
      assertThat(client.statuses).last().asString().contains("another publisher took over");
      assertThat(publish.closed.get(5, TimeUnit.SECONDS)).isFalse();
    }
    fixture.awaitClosed(CloseCause.TAKEN_OVER, 1);
  }

  @Test
  void row26EndsThePublishOfASilentPublisher() throws Exception {
    fixture = new ListenerFixture(timeouts(LONG, LONG, LONG, SHORT));
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      assertThat(fixture.awaitPublish().closed.get(5, TimeUnit.SECONDS)).isFalse();
      client.readToEnd();
    }
    fixture.awaitClosed(CloseCause.READ_TIMEOUT, 1);
    assertLogged("stream one");
  }

  @Test
  void row26DoesNotBlameThePublisherForOurOwnPause() throws Exception {
    fixture = new ListenerFixture(timeouts(LONG, LONG, LONG, SHORT));
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      FakeGateway.Publish publish = fixture.awaitPublish();
      publish.accepting = false;
      sendAudio(client, 1);
      ListenerFixture.await(() -> !publish.units.isEmpty(), "the first unit");
      sendAudio(client, 5);
      TimeUnit.MILLISECONDS.sleep(2 * SHORT.toMillis());
      assertThat(publish.closed).isNotDone();
      assertThat(publish.units).hasSizeLessThan(7);
      publish.accepting = true;
      publish.control.resumeReading();
      ListenerFixture.await(() -> publish.units.size() == 7, "the units held back");
    }
  }

  @Test
  void row27SlowsDownWhoSendsTooMuch() throws Exception {
    RtmpSettings base = ListenerFixture.settings();
    fixture = new ListenerFixture(rates(base, 1_000_000, 5000));
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      client.socket.setSendBufferSize(16 << 10);
      Thread sender = new Thread(() -> flood(client));
      sender.start();
      FakeGateway.Publish publish = fixture.awaitPublish();
      ListenerFixture.await(
          () -> fixture.meters.get("millrace.rtmp.received.bytes").counter().count() > 300_000,
          "the first seconds' worth");
      double before = fixture.meters.get("millrace.rtmp.received.bytes").counter().count();
      TimeUnit.SECONDS.sleep(1);
      double after = fixture.meters.get("millrace.rtmp.received.bytes").counter().count();
      assertThat(after - before).isLessThan(1_000_000);
      assertThat(publish.closed.get(30, TimeUnit.SECONDS)).isFalse();
      sender.join();
    }
    fixture.awaitClosed(CloseCause.RATE, 1);
  }

  @Test
  void row29DropsTagsThatMakeNoSense() throws Exception {
    fixture = new ListenerFixture(ListenerFixture.settings());
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      for (String tag : List.of("", "17", "91766331", "9f7878787800", "2d0100", "97ffffffffff")) {
        client.session.sendVideo(0, body(tag), client);
      }
      sendAudio(client, 3);
      FakeGateway.Publish publish = fixture.awaitPublish();
      ListenerFixture.await(() -> publish.units.size() == 4, "units of the sound");
      assertThat(publish.closed).isNotDone();
    }
  }

  @Test
  void row29ClosesForTooManyOfThem() throws Exception {
    fixture = new ListenerFixture(ListenerFixture.settings());
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      for (int i = 0; i < 50; i++) {
        client.session.sendVideo(i, body("17"), client);
      }
      client.readToEnd();
      assertThat(client.statuses).last().asString().contains("badTags");
    }
    fixture.awaitClosed(CloseCause.BAD_MEDIA, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1700000000" + "0142c01fffff",
        "1700000000" + "0142c034ffe10000010004",
        "1700000000" + "0142c034ffe1ffff6742c034",
      })
  void row30RefusesBrokenParameterSetsWithADiagnosis(String tag) throws Exception {
    fixture = new ListenerFixture(ListenerFixture.settings());
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      client.session.sendVideo(0, body(tag), client);
      client.readToEnd();
      assertThat(client.statuses).last().asString().contains("video configuration: avcC");
    }
    fixture.awaitClosed(CloseCause.BAD_MEDIA, 1);
    assertThat(fixture.awaitPublish().units).isEmpty();
  }

  @Test
  void row31And32DropBadAccessUnitsAndPassANewConfigurationOn() throws Exception {
    fixture = new ListenerFixture(ListenerFixture.settings());
    try (RawClient client = new RawClient(fixture, "live/one").publish()) {
      client.session.sendVideo(0, body(AVC_720P), client);
      client.session.sendVideo(0, body("1701000000" + "000000ff658800"), client);
      client.session.sendVideo(33, body("1701000000" + "00000003658800"), client);
      client.session.sendVideo(66, body(AVC_2160P), client);
      client.session.sendVideo(66, body("1701000000" + "00000003658800"), client);
      FakeGateway.Publish publish = fixture.awaitPublish();
      ListenerFixture.await(() -> publish.units.size() == 4, "configurations and pictures");
      assertThat(publish.units).extracting(MediaUnit::generation).containsExactly(1, 1, 2, 2);
      assertThat(publish.closed).isNotDone();
    }
  }

  private static ByteBuffer body(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }

  @Test
  void row46EscapesControlCharacters() {
    assertThat(LogText.escape("a\r\nb\u001B[31m\u202E\\x"))
        .isEqualTo("a\\u000d\\u000ab\\u001b[31m\\u202e\\u005cx");
    assertThat(LogText.escape("x".repeat(500))).hasSize(123);
  }

  private void assertLogged(String part) {
    ListenerFixture.await(
        () ->
            List.copyOf(log.list).stream()
                .anyMatch(event -> event.getFormattedMessage().contains(part)),
        "log line with " + part);
  }

  private double connections() {
    return fixture.meters.get("millrace.rtmp.connections").gauge().value();
  }

  private static boolean writeFails(Socket socket) {
    try {
      socket.getOutputStream().write(0);
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static void awaitEnd(Socket socket) {
    try {
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private static void sendAudio(RawClient client, int frames) {
    client.session.sendAudio(
        0, ByteBuffer.wrap(new byte[] {(byte) 0xAF, 0, 0x11, (byte) 0x90}), client);
    for (int i = 0; i < frames; i++) {
      client.session.sendAudio(21L * i, ByteBuffer.wrap(new byte[] {(byte) 0xAF, 1, 1, 2}), client);
    }
  }

  private static void flood(RawClient client) {
    while (!client.statuses.contains("write failed")) {
      client.session.sendAudio(0, ByteBuffer.wrap(new byte[10_000]), client);
    }
  }

  private static RtmpSettings timeouts(
      Duration handshake, Duration connect, Duration publish, Duration read) {
    return new RtmpSettings(
        "127.0.0.1",
        0,
        100,
        100,
        handshake,
        connect,
        publish,
        read,
        100_000_000,
        5000,
        Duration.ZERO);
  }

  private static RtmpSettings caps(int total, int perAddress) {
    return new RtmpSettings(
        "127.0.0.1",
        0,
        total,
        perAddress,
        LONG,
        LONG,
        LONG,
        LONG,
        100_000_000,
        5000,
        Duration.ZERO);
  }

  private static RtmpSettings rates(RtmpSettings base, long bits, int messages) {
    return new RtmpSettings(
        base.bind(), 0, 100, 100, LONG, LONG, LONG, LONG, bits, messages, Duration.ZERO);
  }

  private static RtmpSettings with(RtmpSettings base, Duration refusalDelay) {
    return new RtmpSettings(
        base.bind(), 0, 100, 100, LONG, LONG, LONG, LONG, 100_000_000, 5000, refusalDelay);
  }
}
