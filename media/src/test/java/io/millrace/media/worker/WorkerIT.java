package io.millrace.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.TrackKind;
import io.millrace.media.codec.ColorDescription;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real worker process on sources that the bundled ffmpeg makes. */
class WorkerIT {
  private static final RungSettings LARGE = rung("360p", 640, 360);
  private static final RungSettings SMALL = rung("180p", 320, 180);
  private static FlvUnits source;

  private WorkerPool pool;

  @BeforeAll
  static void makeSource() throws Exception {
    source = video("-g 30 -bf 3");
  }

  private static FlvUnits video(String options) throws IOException, InterruptedException {
    return FlvUnits.make(
        TrackKind.VIDEO,
        "-f lavfi -i testsrc2=s=1280x720:r=30 -t 4 -c:v libx264 -preset veryfast -pix_fmt yuv420p "
            + options);
  }

  private static RungSettings rung(String name, int width, int height) {
    return new RungSettings(
        name,
        width,
        height,
        30,
        1,
        600_000,
        600_000,
        600_000,
        "high",
        31,
        ColorDescription.UNSPECIFIED);
  }

  private static WorkerSettings settings(Map<String, Integer> delays) {
    return new WorkerSettings(
        WorkerSettings.currentJava(),
        WorkerSettings.DEFAULT_JVM_FLAGS,
        5,
        Duration.ofSeconds(2),
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        0,
        delays);
  }

  private WorkerPool pool() {
    pool = new WorkerPool(settings(Map.of()));
    return pool;
  }

  @AfterEach
  void close() {
    if (pool != null) {
      pool.close();
    }
  }

  private static WorkerConfig config(FlvUnits from, int generation) {
    return new WorkerConfig(
        generation,
        TrackKind.VIDEO,
        from.codec(),
        from.extradata(),
        List.of(LARGE, SMALL),
        Optional.empty());
  }

  private static WorkerUnit moved(WorkerUnit u, int generation, long by, long encodeFrom) {
    return new WorkerUnit(
        u.seq(),
        generation,
        u.track(),
        u.dts() + by,
        u.pts() + by,
        u.idr(),
        u.forceIdr(),
        encodeFrom,
        u.data());
  }

  private static List<Long> sortedPts(List<WorkerUnit> units) {
    return units.stream().map(WorkerUnit::pts).sorted().toList();
  }

  @Test
  void encodesEveryFrameOnceInEveryRung() throws Exception {
    RecordingListener out = new RecordingListener();
    WorkerPort worker = pool().start(out);
    worker.configure(config(source, 1));
    source.units().forEach(worker::unit);
    worker.flush(7);
    out.await("flushed", l -> l.flushed.contains(7));
    worker.end();
    out.await("exited", l -> !l.exits.isEmpty());

    assertThat(out.exitCode).isZero();
    assertThat(out.readyCount).isEqualTo(1);
    assertThat(out.exits).hasSize(1);
    assertThat(out.callsAfterExit).isZero();
    Map<Long, WorkerUnit> bySeq =
        source.units().stream().collect(Collectors.toMap(WorkerUnit::seq, u -> u));
    for (RungSettings rung : List.of(LARGE, SMALL)) {
      List<EncodedPacket> packets = out.of(rung.name());
      assertThat(packets).hasSize(120);
      assertThat(packets).extracting(EncodedPacket::pts).isEqualTo(sortedPts(source.units()));
      assertThat(packets)
          .allSatisfy(
              p -> {
                assertThat(p.pts()).isEqualTo(bySeq.get(p.sourceSeq()).pts());
                assertThat(p.idr()).isEqualTo(bySeq.get(p.sourceSeq()).idr());
                assertThat(p.dts()).isEqualTo(p.pts());
                assertThat(p.data()[4] & 0x1f).isEqualTo(p.idr() ? 5 : 1);
              });
    }
  }

  private RecordingListener run(WorkerConfig config, List<WorkerUnit> units) throws Exception {
    RecordingListener out = new RecordingListener();
    WorkerPort worker = (pool == null ? pool() : pool).start(out);
    worker.configure(config);
    units.forEach(worker::unit);
    worker.flush(1);
    out.await("flushed", l -> !l.flushed.isEmpty() || !l.exits.isEmpty());
    assertThat(out.exits).isEmpty();
    return out;
  }

  @Test
  void aSecondWorkerWritesTheSameParameterSets() throws Exception {
    RecordingListener first = run(config(source, 1), source.units().subList(0, 10));
    RecordingListener second = run(config(source, 1), source.units().subList(0, 10));

    assertThat(first.inits.get("360p")).isEqualTo(second.inits.get("360p"));
    assertThat(first.inits.get("180p")).isEqualTo(second.inits.get("180p"));
    byte[] avcC = first.inits.get("360p");
    assertThat(avcC).startsWith(1, 100); // High, as declared
    assertThat(avcC[3]).isEqualTo((byte) 31);
  }

  @Test
  void encodesOnlyFromTheGivenTimeOnAfterARestart() throws Exception {
    long from = 2 * 90_000 + source.units().get(0).pts();
    List<WorkerUnit> units = source.units().stream().map(u -> moved(u, 1, 0, from)).toList();
    RecordingListener out = run(config(source, 1), units);

    List<EncodedPacket> packets = out.of("180p");
    assertThat(packets).hasSize(60);
    assertThat(packets.get(0).pts()).isEqualTo(from);
    assertThat(packets.get(0).idr()).isTrue();
  }

  @Test
  void forcesAnIdrWhereTheSourceHasNone() throws Exception {
    List<WorkerUnit> units =
        source.units().stream()
            .map(
                u ->
                    new WorkerUnit(
                        u.seq(),
                        1,
                        u.track(),
                        u.dts(),
                        u.pts(),
                        u.idr(),
                        u.seq() == 17,
                        0,
                        u.data()))
            .toList();
    RecordingListener out = run(config(source, 1), units);

    assertThat(out.of("360p").stream().filter(EncodedPacket::idr).map(EncodedPacket::sourceSeq))
        .containsExactly(0L, 17L, 30L, 60L, 90L);
  }

  @Test
  void drainsAndGoesOnWhenTheSourceChangesItsSize() throws Exception {
    FlvUnits portrait =
        FlvUnits.make(
            TrackKind.VIDEO,
            "-f lavfi -i testsrc2=s=406x720:r=30 -t 2 -c:v libx264 -pix_fmt yuv420p -g 30 -bf 2");
    long gap = 10 * 90_000;
    RecordingListener out = new RecordingListener();
    WorkerPort worker = pool().start(out);
    worker.configure(config(source, 1));
    source.units().forEach(worker::unit);
    worker.configure(config(portrait, 2));
    portrait.units().forEach(u -> worker.unit(moved(u, 2, gap, 0)));
    worker.flush(1);
    out.await("flushed", l -> !l.flushed.isEmpty() || !l.exits.isEmpty());

    List<EncodedPacket> packets = out.of("360p");
    assertThat(packets).hasSize(120 + 60);
    assertThat(packets.subList(0, 120)).allMatch(p -> p.generation() == 1);
    assertThat(packets.subList(120, 180)).allMatch(p -> p.generation() == 2);
    assertThat(packets).isSortedAccordingTo(Comparator.comparing(EncodedPacket::pts));
    assertThat(out.initCount).isEqualTo(4);
  }

  @Test
  void thinsFromTheNextIdrOnAndSuspendsAtOnce() throws Exception {
    RecordingListener out = new RecordingListener();
    WorkerPort worker = pool().start(out);
    worker.configure(config(source, 1));
    source.units().subList(0, 10).forEach(worker::unit);
    worker.rungs(List.of(new RungSwitch("360p", true, 2), new RungSwitch("180p", false, 1)));
    source.units().subList(10, 120).forEach(worker::unit);
    worker.flush(1);
    out.await("flushed", l -> !l.flushed.isEmpty() || !l.exits.isEmpty());

    assertThat(out.of("360p")).hasSize(30 + 45);
    assertThat(out.dropped).containsEntry("360p", 45);
    assertThat(out.of("180p")).isNotEmpty().allMatch(p -> p.sourceSeq() < 10);
    assertThat(out.of("360p").stream().filter(EncodedPacket::idr)).hasSize(4);
  }

  @Test
  void thinsASourceWithMoreFramesThanTheRungMayHave() throws Exception {
    FlvUnits fast =
        FlvUnits.make(
            TrackKind.VIDEO,
            "-f lavfi -i testsrc2=s=640x360:r=60 -t 3 -c:v libx264 -pix_fmt yuv420p -g 60 -bf 0");
    RecordingListener out = run(config(fast, 1), fast.units());

    assertThat(out.of("180p")).hasSize(90);
  }

  @Test
  void reportsAKilledProcessOnce() throws Exception {
    RecordingListener out = new RecordingListener();
    WorkerProcess worker = (WorkerProcess) pool().start(out);
    worker.configure(config(source, 1));
    source.units().forEach(worker::unit);
    out.await("first packets", l -> l.packets.size() > 5);
    new ProcessBuilder("kill", "-9", Long.toString(worker.pid())).start().waitFor();
    out.await("exited", l -> !l.exits.isEmpty());

    assertThat(out.exits).containsExactly("killed by signal 9");
    assertThat(out.callsAfterExit).isZero();
  }

  @Test
  void killsAProcessThatStopsWithInputPending() throws Exception {
    RecordingListener out = new RecordingListener();
    WorkerProcess worker = (WorkerProcess) pool().start(out);
    worker.configure(config(source, 1));
    out.await("init", l -> l.initCount == 2);
    new ProcessBuilder("kill", "-STOP", Long.toString(worker.pid())).start().waitFor();
    source.units().forEach(worker::unit);
    out.await("exited", Duration.ofSeconds(20), l -> !l.exits.isEmpty());

    assertThat(out.exits).containsExactly("no sign of life for 2000 ms");
  }

  @Test
  void survivesGarbageAndGoesOnAtTheNextIdr() throws Exception {
    Random random = new Random(1);
    List<WorkerUnit> units =
        source.units().stream()
            .map(
                u -> {
                  byte[] data = u.data().clone();
                  if (u.seq() >= 5 && u.seq() < 25) {
                    random.nextBytes(data);
                  }
                  return new WorkerUnit(
                      u.seq(), 1, u.track(), u.dts(), u.pts(), u.idr(), false, 0, data);
                })
            .toList();
    RecordingListener out = new RecordingListener();
    WorkerPort worker = pool().start(out);
    worker.configure(config(source, 1));
    units.forEach(worker::unit);
    worker.flush(1);
    out.await("end", l -> !l.flushed.isEmpty() || !l.exits.isEmpty());

    if (out.exits.isEmpty()) {
      assertThat(out.of("360p").stream().filter(p -> p.sourceSeq() >= 30)).hasSize(90);
      out.await("errors counted", l -> l.stats != null && l.stats.decodeErrors() > 0);
    } else {
      assertThat(out.exits).hasSize(1);
    }
  }

  @Test
  void garbageParameterSetsCostTheirUnitsOnly() throws Exception {
    RecordingListener out = new RecordingListener();
    WorkerPort worker = pool().start(out);
    worker.configure(
        new WorkerConfig(
            1,
            TrackKind.VIDEO,
            source.codec(),
            new byte[] {1, 2, 3},
            List.of(LARGE, SMALL),
            Optional.empty()));
    source.units().subList(0, 30).forEach(worker::unit);
    worker.configure(config(source, 2));
    source.units().forEach(u -> worker.unit(moved(u, 2, 0, 0)));
    worker.flush(1);
    out.await("flushed", l -> !l.flushed.isEmpty() || !l.exits.isEmpty());

    assertThat(out.of("360p").stream().filter(p -> p.generation() == 2)).hasSize(120);
  }

  @Test
  void makesAJpegOfAKeyPicture() throws Exception {
    RecordingListener out = new RecordingListener();
    WorkerPort worker = pool().start(out);
    worker.configure(config(source, 1));
    worker.thumbnail();
    source.units().forEach(worker::unit);
    worker.flush(1);
    out.await("flushed", l -> !l.flushed.isEmpty() || !l.exits.isEmpty());

    assertThat(out.thumbnails).hasSize(1);
    assertThat(out.thumbnails.get(0)).startsWith(0xff, 0xd8).endsWith(0xff, 0xd9);
    var image = ImageIO.read(new ByteArrayInputStream(out.thumbnails.get(0)));
    assertThat(image.getWidth()).isEqualTo(320);
    assertThat(image.getHeight()).isEqualTo(180);
  }

  @Test
  void makesPicturesOfStreamsWithoutRungs() throws Exception {
    KeyPictures pictures = new KeyPictures(pool(), System::nanoTime);
    FlvUnits hevc =
        FlvUnits.make(
            TrackKind.VIDEO,
            "-f lavfi -i testsrc2=s=640x480:r=30 -t 0.1 -c:v libx265 -pix_fmt yuv420p10le");
    BlockingQueue<byte[]> jpegs = new ArrayBlockingQueue<>(3);
    byte[] garbage = {0, 0, 0, 1, 9};
    pictures.offer(source.codec(), source.extradata(), firstIdr(source), jpegs::add);
    pictures.offer(source.codec(), source.extradata(), garbage, jpegs::add);
    pictures.offer(hevc.codec(), hevc.extradata(), firstIdr(hevc), jpegs::add);

    for (int height : List.of(180, 240)) {
      byte[] jpeg = jpegs.poll(30, TimeUnit.SECONDS);
      assertThat(jpeg).isNotNull();
      assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getHeight()).isEqualTo(height);
    }
  }

  private static byte[] firstIdr(FlvUnits from) {
    return from.units().stream().filter(WorkerUnit::idr).findFirst().orElseThrow().data();
  }

  @Test
  void delaysEachFrameOfARungWhenATestAsksForIt() throws Exception {
    pool = new WorkerPool(settings(Map.of("360p", 20)));
    long start = System.nanoTime();
    RecordingListener out = run(config(source, 1), source.units());

    assertThat(out.of("360p")).hasSize(120);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(2400));
  }

  @Test
  void decodesHevcAndAv1() throws Exception {
    for (String encoder : List.of("libx265 -x265-params log-level=none", "libsvtav1 -preset 12")) {
      FlvUnits other =
          FlvUnits.make(
              TrackKind.VIDEO,
              "-f lavfi -i testsrc2=s=640x360:r=30 -t 1 -pix_fmt yuv420p10 -g 15 -c:v " + encoder);
      RecordingListener out = run(config(other, 1), other.units());

      assertThat(out.of("360p")).as(encoder).hasSize(30);
      assertThat(out.of("360p")).extracting(EncodedPacket::pts).isEqualTo(sortedPts(other.units()));
    }
  }

  @Test
  void decodesInterlacedAndTenBitH264() throws Exception {
    for (String options :
        List.of(
            "-pix_fmt yuv420p -flags +ilme+ildct -x264-params tff=1",
            "-pix_fmt yuv420p10le",
            "-pix_fmt yuv422p10le")) {
      FlvUnits other =
          FlvUnits.make(
              TrackKind.VIDEO,
              "-f lavfi -i testsrc2=s=720x576:r=30 -t 1 -g 15 -c:v libx264 -preset veryfast "
                  + options);
      RecordingListener out = run(config(other, 1), other.units());

      assertThat(out.of("360p")).as(options).hasSize(30);
      assertThat(out.of("180p")).extracting(EncodedPacket::pts).isEqualTo(sortedPts(other.units()));
    }
  }

  @Test
  void alignsTranscodedAudioToTheGrid() throws Exception {
    for (String codec : List.of("libopus", "libmp3lame -ar 44100", "flac -strict -2", "ac3")) {
      FlvUnits audio =
          FlvUnits.make(TrackKind.AUDIO, "-f lavfi -i sine=f=440:r=48000:d=3 -ac 2 -c:a " + codec);
      WorkerConfig config =
          new WorkerConfig(
              1,
              TrackKind.AUDIO,
              audio.codec(),
              audio.extradata(),
              List.of(),
              Optional.of(new AudioRungSettings(48_000, 2, 128_000)));
      RecordingListener whole = run(config, audio.units());
      List<EncodedPacket> packets = whole.of("audio");
      assertThat(packets).hasSizeBetween(140, 145);
      for (int i = 0; i < packets.size(); i++) {
        assertThat(packets.get(i).pts()).isEqualTo(packets.get(0).pts() + i * 1024L);
        assertThat(packets.get(i).pts() % 1024).isZero();
      }

      // A second worker that starts in the middle cuts the same frames.
      List<WorkerUnit> rest =
          audio.units().stream()
              .filter(u -> u.pts() >= 90_000)
              .map(u -> moved(u, 1, 0, 120_000))
              .toList();
      List<EncodedPacket> again = run(config, rest).of("audio");
      assertThat(again.get(0).pts()).isEqualTo(64_512); // first grid frame at 1.333 s or later
      assertThat(again.get(again.size() - 1).pts())
          .isEqualTo(packets.get(packets.size() - 1).pts());
    }
  }

  @Test
  void aSpareIsReadyBeforeAStreamNeedsIt() throws Exception {
    pool =
        new WorkerPool(
            new WorkerSettings(
                WorkerSettings.currentJava(),
                WorkerSettings.DEFAULT_JVM_FLAGS,
                0,
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                1,
                Map.of()));
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!pool.spareReady() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    RecordingListener out = run(config(source, 1), source.units().subList(0, 30));

    assertThat(out.readyCount).isEqualTo(1);
    assertThat(out.packets).isNotEmpty();
    assertThat(pool.spareReady()).isFalse();
  }

  @Test
  void aProgramThatCannotStartIsReportedAsExited() throws Exception {
    pool =
        new WorkerPool(
            new WorkerSettings(
                Path.of("/nonexistent/java"),
                List.of(),
                0,
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                0,
                Map.of()));
    RecordingListener out = new RecordingListener();
    pool.start(out);
    out.await("exited", l -> !l.exits.isEmpty());

    assertThat(out.exits).hasSize(1);
  }
}
