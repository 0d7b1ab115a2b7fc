package io.millrace.testkit.hls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.media.Codec;
import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.RenditionKind;
import io.millrace.media.SegmentRef;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.AudioFormats;
import io.millrace.media.codec.CodecException;
import io.millrace.media.codec.CodecLimits;
import io.millrace.media.fmp4.Fragments;
import io.millrace.media.fmp4.InitNames;
import io.millrace.media.fmp4.InitSegments;
import io.millrace.media.fmp4.Sample;
import io.millrace.media.hls.LowLatencyTags;
import io.millrace.media.hls.MediaPlaylistWindow;
import io.millrace.media.hls.MediaPlaylistWriter;
import io.millrace.media.hls.MultivariantPlaylistWriter;
import io.millrace.media.hls.WindowSettings;
import io.millrace.media.hls.WindowState;
import io.millrace.protocol.flv.FlvException;
import io.millrace.protocol.flv.FlvReader;
import io.millrace.protocol.flv.FlvTag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * An FLV file packaged by the rules (source and audio, segments of one GOP) and served over HTTP as
 * an ended stream. Tests break it before they start it.
 */
final class PackagedStream implements AutoCloseable {

  private static final long PDT_MS = 1_700_000_000_000L;

  /** Files by path below the stream. */
  final Map<String, byte[]> files = new TreeMap<>();

  private final HttpServer server;
  private long audioShiftMs;

  private record Frame(long dts, long pts, boolean idr, byte[] data) {}

  PackagedStream(Path flv, int targetDurationSeconds, long audioShiftMs) throws IOException {
    this.audioShiftMs = audioShiftMs;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/hls/s/", this::answer);
    pack(flv, targetDurationSeconds);
  }

  URI start() {
    server.start();
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hls/s/index.m3u8");
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring("/hls/s/".length());
      byte[] body = files.get(path);
      if (body == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      boolean playlist = path.endsWith(".m3u8");
      exchange
          .getResponseHeaders()
          .set("Content-Type", playlist ? "application/vnd.apple.mpegurl" : "video/mp4");
      if (playlist) {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
      }
      byte[] sent = playlist ? gzip(body) : body;
      exchange.sendResponseHeaders(200, sent.length);
      exchange.getResponseBody().write(sent);
    }
  }

  private void pack(Path flv, int target) throws IOException {
    List<FlvTag> tags = tags(flv);
    FlvTag avc = tags.stream().filter(t -> t.isVideo() && t.body()[1] == 0).findFirst().get();
    FlvTag aac = tags.stream().filter(t -> t.isAudio() && t.body()[1] == 0).findFirst().get();
    List<Frame> video = videoFrames(tags);
    AudioFormat format = audioFormat(Arrays.copyOfRange(aac.body(), 2, aac.body().length));
    List<Frame> audio = audioFrames(tags, format);
    byte[] videoInit =
        InitSegments.videoFromAvcC(Arrays.copyOfRange(avc.body(), 5, avc.body().length), 320, 192);
    List<Long> cuts = video.stream().filter(Frame::idr).map(Frame::pts).toList();
    List<Long> audioCuts = cuts.stream().map(c -> c * format.sampleRate() / 90_000).toList();
    packRendition("source", videoInit, 90_000, video, cuts, target);
    packRendition(
        "audio", InitSegments.audio(format), format.sampleRate(), audio, audioCuts, target);
    Rendition source =
        new Rendition(
            "source", RenditionKind.SOURCE, "avc1.42c015", 320, 192, 30, 3_000_000, 500_000, 0);
    Rendition sound =
        new Rendition("audio", RenditionKind.AUDIO, format.codecs(), 0, 0, 0, 200_000, 96_000, 2);
    put(
        "index.m3u8",
        MultivariantPlaylistWriter.write(
            new Presentation(target, List.of(source, sound)), Set.of()));
  }

  private void packRendition(
      String name, byte[] init, int timescale, List<Frame> frames, List<Long> cuts, int target) {
    String initName = InitNames.of(init);
    files.put(name + "/" + initName, init);
    MediaPlaylistWindow window =
        MediaPlaylistWindow.of(
            new WindowSettings(Duration.ofHours(1), 6, 0), target, WindowState.startingAt(0), 0);
    for (int msn = 0; msn < cuts.size(); msn++) {
      long end = msn + 1 < cuts.size() ? cuts.get(msn + 1) : Long.MAX_VALUE;
      List<Frame> inside = new ArrayList<>();
      List<Sample> samples = new ArrayList<>();
      long from = cuts.get(msn);
      for (int i = 0; i < frames.size(); i++) {
        Frame f = frames.get(i);
        boolean first = msn == 0;
        if ((first || f.pts >= from) && f.pts < end) {
          long duration =
              i + 1 < frames.size() ? frames.get(i + 1).dts - f.dts : f.dts - frames.get(i - 1).dts;
          inside.add(f);
          samples.add(new Sample((int) duration, (int) (f.pts - f.dts), f.idr, f.data));
        }
      }
      long start = inside.get(0).dts;
      byte[] bytes = Fragments.write(msn + 1, start, samples);
      files.put(name + "/1-" + msn + ".m4s", bytes);
      window.append(
          new SegmentRef(
              msn,
              "1-" + msn + ".m4s",
              initName,
              start,
              samples.stream().mapToLong(Sample::durationTicks).sum(),
              timescale,
              false,
              false,
              PDT_MS + start * 1000 / timescale,
              bytes.length),
          0);
    }
    window.end();
    put(name + "/index.m3u8", MediaPlaylistWriter.write(window, LowLatencyTags.NONE));
  }

  private static List<Frame> videoFrames(List<FlvTag> tags) {
    List<Frame> frames = new ArrayList<>();
    long firstOffset = -1;
    for (FlvTag t : tags) {
      byte[] b = t.body();
      if (t.isVideo() && b[1] == 1) {
        long offset = 90L * ((b[2] & 0xff) << 16 | (b[3] & 0xff) << 8 | (b[4] & 0xff));
        firstOffset = firstOffset < 0 ? offset : firstOffset;
        long dts = t.timestampMs() * 90;
        frames.add(
            new Frame(
                dts + firstOffset,
                dts + offset,
                b[0] >> 4 == 1,
                Arrays.copyOfRange(b, 5, b.length)));
      }
    }
    return frames;
  }

  private List<Frame> audioFrames(List<FlvTag> tags, AudioFormat format) {
    List<Frame> frames = new ArrayList<>();
    long at = -1;
    for (FlvTag t : tags) {
      if (t.isAudio() && t.body()[1] == 1) {
        at = at < 0 ? (t.timestampMs() + audioShiftMs) * format.sampleRate() / 1000 : at + 1024;
        frames.add(new Frame(at, at, true, Arrays.copyOfRange(t.body(), 2, t.body().length)));
      }
    }
    return frames;
  }

  private static List<FlvTag> tags(Path flv) throws IOException {
    try {
      return FlvReader.readAll(Files.readAllBytes(flv));
    } catch (FlvException e) {
      throw new IOException(e);
    }
  }

  private static AudioFormat audioFormat(byte[] config) throws IOException {
    try {
      return AudioFormats.parse(Codec.AAC, config, CodecLimits.standard());
    } catch (CodecException e) {
      throw new IOException(e);
    }
  }

  private void put(String path, String text) {
    files.put(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    }
    return out.toByteArray();
  }
}
