package io.millrace.node.settings;

import com.typesafe.config.Config;
import io.millrace.http.HttpSettings;
import io.millrace.http.TlsSettings;
import io.millrace.media.codec.CodecLimits;
import io.millrace.media.demux.DemuxSettings;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.ladder.LadderRung;
import io.millrace.media.ladder.LadderSettings;
import io.millrace.media.segment.PipelineSettings;
import io.millrace.media.segment.SheddingSettings;
import io.millrace.media.worker.WorkerSettings;
import io.millrace.node.NodeSettings;
import io.millrace.node.cluster.ClusterSettings;
import io.millrace.node.edge.EdgeSettings;
import io.millrace.node.ingest.AuthMode;
import io.millrace.node.ingest.RtmpSettings;
import io.millrace.node.relay.RelaySettings;
import io.millrace.node.store.StoreSettings;
import io.millrace.node.stream.StreamSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Turns the tree {@code millrace { }} into {@link NodeSettings}; one method for each section. */
public final class NodeSettingsReader {
  private static final Duration MS = Duration.ofMillis(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MBIT = 1_000_000;
  private static final long MIB = 1L << 20;

  /** Relays, replay buffers and everything else need the other two thirds. */
  private static final int HEAP_SHARE_OF_SEGMENTS = 3;

  private static final int MAX_PARKED = 1_000_000;

  private enum Mode {
    SINGLE,
    CLUSTER
  }

  private enum Auth {
    AUTO,
    OPEN,
    KEYS
  }

  private final SettingsReader root;
  private final String bind;

  private NodeSettingsReader(SettingsReader root) {
    this.root = root;
    this.bind = root.string("bind", s -> !s.isBlank(), "an address or host name");
  }

  /**
   * Reads everything.
   *
   * @throws SettingsException with every problem there is
   */
  public static NodeSettings read(Config config) {
    SettingsReader millrace = new SettingsReader(config).at("millrace");
    NodeSettings settings = new NodeSettingsReader(millrace).node();
    millrace.finish();
    return settings;
  }

  private NodeSettings node() {
    Mode mode = root.oneOf("mode", Mode.class);
    AuthMode auth = auth(mode);
    RtmpSettings rtmp = rtmp(root.at("rtmp"));
    HttpSettings http = http(root.at("http"));
    Optional<ClusterSettings> cluster =
        mode == Mode.CLUSTER
            ? Optional.ofNullable(new ClusterSettingsReader(root, bind).read())
            : Optional.empty();
    checkListeners(rtmp, http, cluster);
    StreamSettings stream = stream();
    WorkerSettings worker = worker(root.at("transcode.worker"));
    StoreSettings store = store();
    EdgeSettings edge = edge();
    checkWaiting(http, edge);
    return new NodeSettings(
        nodeName(),
        rtmp,
        demux(root.at("rtmp")),
        http,
        relay(root.at("relay"), store.dataDirectory()),
        edge,
        store,
        stream,
        worker,
        auth,
        cluster);
  }

  private AuthMode auth(Mode mode) {
    return switch (root.oneOf("auth", Auth.class)) {
      case OPEN -> AuthMode.OPEN;
      case KEYS -> AuthMode.KEYS;
      case AUTO -> mode == Mode.SINGLE ? AuthMode.OPEN : AuthMode.KEYS;
    };
  }

  private void checkListeners(
      RtmpSettings rtmp, HttpSettings http, Optional<ClusterSettings> cluster) {
    if (rtmp == null || http == null) {
      return;
    }
    Listeners all =
        new Listeners(root)
            .with("rtmp.port", rtmp.bind(), rtmp.port())
            .with("http.port", http.host(), http.port());
    http.tls().ifPresent(tls -> all.with("http.tls.port", http.host(), tls.port()));
    cluster.ifPresent(
        c ->
            all.with("cluster.artery-port", c.privateHost(), c.arteryPort())
                .with("cluster.data-port", c.privateHost(), c.dataPort())
                .with("cluster.internal-http-port", c.privateHost(), c.internalHttpPort()));
  }

  private void checkWaiting(HttpSettings http, EdgeSettings edge) {
    if (http != null && edge != null && http.requestTimeout().compareTo(edge.parkTimeout()) <= 0) {
      root.problem("http.request-timeout", "must be longer than hls.park-timeout");
    }
  }

  private String nodeName() {
    String name =
        root.string(
            "node-name", s -> s.matches("[A-Za-z0-9_.-]{0,64}"), "letters, digits, '.', '-', '_'");
    return name.isEmpty() ? hostName() : name;
  }

  private RtmpSettings rtmp(SettingsReader r) {
    String address = address(r);
    int port = port(r);
    int connections = r.integer("max-connections", 1, 1_000_000);
    int perAddress = r.integer("max-connections-per-address", 1, 1_000_000);
    Duration handshake = r.duration("handshake-timeout", MS.multipliedBy(100), MINUTE);
    Duration connect = r.duration("connect-timeout", MS.multipliedBy(100), MINUTE);
    Duration publish = r.duration("publish-timeout", MS.multipliedBy(100), HOUR);
    Duration read = r.duration("read-timeout", MS.multipliedBy(500), HOUR);
    int bitrate = r.bitrateBps("max-bitrate", MBIT, Integer.MAX_VALUE);
    int messages = r.integer("max-messages-per-second", 100, 1_000_000);
    Duration refusal = r.duration("refusal-delay", Duration.ZERO, MINUTE);
    return r.build(
        "",
        () ->
            new RtmpSettings(
                address,
                port,
                connections,
                perAddress,
                handshake,
                connect,
                publish,
                read,
                bitrate,
                messages,
                refusal),
        null);
  }

  private DemuxSettings demux(SettingsReader r) {
    CodecLimits standard = CodecLimits.standard();
    int width = r.integer("max-width", 128, 8192);
    int height = r.integer("max-height", 128, 8192);
    int frameRate = r.integer("max-frame-rate", 10, 240);
    int badTags = r.integer("max-bad-tags-per-second", 1, 100_000);
    return r.build(
        "",
        () ->
            new DemuxSettings(
                new CodecLimits(
                    width,
                    height,
                    frameRate,
                    standard.maxConfigBytes(),
                    standard.maxNalUnits(),
                    standard.maxSeiBytes()),
                badTags),
        null);
  }

  private HttpSettings http(SettingsReader r) {
    String address = address(r);
    int port = port(r);
    int connections = r.integer("max-connections", 16, 1_000_000);
    int backlog = r.integer("backlog", 1, 65_535);
    Duration idle = r.duration("idle-timeout", SECOND, HOUR);
    Duration request = r.duration("request-timeout", SECOND, HOUR);
    int uri = r.integer("max-uri-length", 256, 65_536);
    Duration maxAge = r.duration("object-max-age", SECOND, HOUR.multipliedBy(24 * 365));
    boolean forwarded = r.bool("trust-forwarded-for");
    Optional<TlsSettings> tls = tls(r.at("tls"));
    return r.build(
        "",
        () ->
            new HttpSettings(
                address, port, request, idle, connections, backlog, uri, maxAge, forwarded, tls),
        null);
  }

  private static Optional<TlsSettings> tls(SettingsReader r) {
    boolean enabled = r.bool("enabled");
    int port = port(r);
    Predicate<String> given = file -> !enabled || !file.isBlank();
    String certificate = r.string("certificate", given, "a PEM file when TLS is enabled");
    String key = r.string("key", given, "a PEM file when TLS is enabled");
    return enabled
        ? Optional.ofNullable(
            r.build("", () -> new TlsSettings(port, Path.of(certificate), Path.of(key)), null))
        : Optional.empty();
  }

  private RelaySettings relay(SettingsReader r, Path dataDirectory) {
    Duration media = r.duration("keep-media", SECOND.multipliedBy(10), HOUR);
    long bytes = r.bytes("keep-bytes", MIB, 4096 * MIB);
    long unsent = r.bytes("unsent-bytes", MIB / 4, 4096 * MIB);
    Duration lease = r.duration("lease-timeout", MS.multipliedBy(100), MINUTE);
    Duration resume = r.duration("resume-timeout", SECOND, HOUR);
    long disk = r.bytes("disk-bytes", 0, 1L << 50);
    Optional<Path> directory =
        disk == 0 ? Optional.empty() : Optional.of(dataDirectory.resolve("relay"));
    Optional<Path> log =
        Optional.of(r.string("test-accept-log")).filter(s -> !s.isEmpty()).map(Path::of);
    return r.build(
        "",
        () -> new RelaySettings(media, bytes, unsent, lease, resume, disk, directory, log),
        null);
  }

  private EdgeSettings edge() {
    Duration park = root.duration("hls.park-timeout", MS.multipliedBy(100), MINUTE);
    long memory = root.bytes("hls.memory", 16 * MIB, 1L << 40);
    long affordable = Math.min(memory, Runtime.getRuntime().maxMemory() / HEAP_SHARE_OF_SEGMENTS);
    int parked = root.integer("hls.max-parked-requests", 1, MAX_PARKED);
    int streams = root.integer("edge.max-streams", 1, 1_000_000);
    Duration idle = root.duration("edge.idle-timeout", SECOND.multipliedBy(15), HOUR);
    return root.build("hls", () -> new EdgeSettings(park, affordable, parked, streams, idle), null);
  }

  private StoreSettings store() {
    String directory = root.string("data-dir", s -> !s.isBlank(), "a directory");
    return new StoreSettings(Path.of(directory), root.bool("fsync"));
  }

  private StreamSettings stream() {
    SettingsReader r = root.at("stream");
    Duration grace = r.duration("reconnect-grace", SECOND, HOUR);
    Duration retention = r.duration("retention", SECOND, HOUR.multipliedBy(24));
    StreamSettings.SecondPublisher second =
        r.oneOf("second-publisher", StreamSettings.SecondPublisher.class);
    Duration doubt = r.duration("store-doubt", MS.multipliedBy(100), MINUTE);
    SettingsReader t = root.at("transcode");
    double cores = t.number("cores", 0, 1024);
    double usable = cores == 0 ? Runtime.getRuntime().availableProcessors() : cores;
    Duration thumbnails = t.duration("thumbnail-interval", SECOND, HOUR);
    PipelineSettings pipeline = pipeline(root.at("hls"), t);
    long firstMsn = pipeline == null ? 0 : pipeline.firstMsn();
    WindowSettings window = window(root.at("hls"), firstMsn);
    return root.build(
        "stream",
        () ->
            new StreamSettings(
                grace, retention, second, usable, thumbnails, doubt, window, pipeline),
        null);
  }

  private static WindowSettings window(SettingsReader r, long firstMsn) {
    Duration window = r.duration("window", SECOND.multipliedBy(6), HOUR);
    int segments = r.integer("min-segments", 3, 1000);
    return r.build("", () -> new WindowSettings(window, segments, firstMsn), null);
  }

  private static PipelineSettings pipeline(SettingsReader hls, SettingsReader transcode) {
    Duration segment = hls.duration("segment-duration", SECOND, SECOND.multipliedBy(10));
    if (segment.toMillis() % 1000 != 0) {
      hls.problem("segment-duration", "must be whole seconds");
    }
    Duration longest = hls.duration("max-segment", SECOND, SECOND.multipliedBy(10));
    boolean lowLatency = hls.bool("low-latency");
    Duration part = hls.duration("part-duration", MS.multipliedBy(200), SECOND.multipliedBy(2));
    boolean enabled = transcode.bool("enabled");
    LadderSettings ladder = ladder(transcode);
    boolean byEncoder = transcode.bool("cut-by-encoder");
    int audio = transcode.bitrateBps("audio-bitrate", 16_000, 512_000);
    Duration lagLimit = transcode.duration("lag-limit", SECOND, HOUR);
    SheddingSettings shedding = shedding(transcode.at("shed"));
    boolean sound = hls.isSound();
    if (sound && longest.toSeconds() < segment.toSeconds()) {
      hls.problem("max-segment", "must be at least segment-duration");
    }
    if (sound && lagLimit.toSeconds() < 2 * segment.toSeconds()) {
      transcode.problem("lag-limit", "must be at least two hls.segment-durations");
    }
    return transcode.build(
        "",
        () ->
            new PipelineSettings(
                (int) segment.toSeconds(),
                (int) longest.toSeconds(),
                enabled ? ladder : LadderSettings.off(),
                byEncoder,
                audio,
                lagLimit,
                shedding,
                lowLatency ? part : Duration.ZERO),
        null);
  }

  private static LadderSettings ladder(SettingsReader transcode) {
    List<LadderRung> rungs = new ArrayList<>();
    for (SettingsReader r : transcode.list("ladder")) {
      String name =
          r.string(
              "name",
              s -> s.matches("[a-z0-9]{1,16}") && !List.of("source", "audio").contains(s),
              "small letters and digits, at most 16, not \"source\" or \"audio\"");
      int size = r.integer("size", 64, 2304);
      int bitrate = r.bitrateBps("bitrate", 64_000, 100 * MBIT);
      int maxFps = r.integer("max-fps", 1, 120);
      LadderRung rung = r.build("", () -> new LadderRung(name, size, bitrate, maxFps), null);
      if (rung != null) {
        rungs.add(rung);
      }
    }
    return transcode.build("ladder", () -> new LadderSettings(rungs), LadderSettings.off());
  }

  private static SheddingSettings shedding(SettingsReader r) {
    Duration halve = r.duration("halve-above", MS, MINUTE);
    Duration suspend = r.duration("suspend-above", MS, MINUTE);
    Duration drop = r.duration("drop-above", MS, MINUTE);
    Duration recover = r.duration("recover-below", MS, MINUTE);
    Duration settle = r.duration("settle", Duration.ZERO, MINUTE);
    Duration after = r.duration("recover-after", Duration.ZERO, HOUR);
    Duration least = r.duration("min-suspend", Duration.ZERO, HOUR);
    return r.build(
        "", () -> new SheddingSettings(halve, suspend, drop, recover, settle, after, least), null);
  }

  private static WorkerSettings worker(SettingsReader r) {
    int spares = r.integer("spares", 0, 1);
    int niceness = r.integer("niceness", 0, 19);
    Duration silence = r.duration("silence-timeout", SECOND, MINUTE);
    Duration start = r.duration("start-timeout", SECOND, HOUR);
    Duration queued = r.duration("max-queued-media", SECOND, MINUTE);
    Map<String, Integer> delays = r.integers("test-encode-delay-ms", 0, 10_000);
    return r.build(
        "",
        () ->
            new WorkerSettings(
                WorkerSettings.currentJava(),
                WorkerSettings.DEFAULT_JVM_FLAGS,
                niceness,
                silence,
                start,
                queued,
                spares,
                delays),
        null);
  }

  private String address(SettingsReader r) {
    String own = r.string("bind");
    return own.isBlank() ? bind : own;
  }

  private static int port(SettingsReader r) {
    return r.integer("port", 0, 65_535);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
  }
}
