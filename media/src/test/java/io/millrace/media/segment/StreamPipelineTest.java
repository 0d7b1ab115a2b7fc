package io.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.media.Rendition;
import io.millrace.media.SegmentRef;
import io.millrace.media.ladder.LadderSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamPipelineTest {
  private static final int SECONDS = 20;

  private static Harness run(Publisher publisher) {
    return run(publisher, Harness.LADDER);
  }

  private static Harness run(Publisher publisher, LadderSettings ladder) {
    Harness harness = new Harness(Harness.settings(ladder));
    harness.session(1);
    harness.startWorker();
    harness.feed(publisher.units());
    harness.end();
    return harness;
  }

  @Test
  void cutsAllRenditionsAtTheSameKeyframes() {
    Harness harness = run(new Publisher());
    harness.archive.check(true);
    assertThat(harness.archive.presentation.renditions())
        .extracting("name")
        .containsExactly("source", "720p", "480p", "audio");
    assertThat(harness.archive.refs("source")).hasSize(5);
    assertThat(harness.archive.labels("source")).hasSize(600);
    assertThat(harness.archive.labels("720p")).hasSize(600);
    assertThat(harness.archive.labels("480p")).isEqualTo(harness.archive.labels("720p"));
    assertThat(harness.archive.labels("audio")).hasSize(938);
  }

  @Test
  void keepsEveryFrameOfSourcesWithReorderedFramesAndFractionalRates() {
    for (double fps : List.of(23.976, 25.0, 29.97, 30.0, 50.0, 59.94, 60.0)) {
      for (int b = 0; b <= 3; b++) {
        Publisher publisher = new Publisher();
        publisher.fps = fps;
        publisher.bFrames = b;
        publisher.audioRate = 44_100;
        Harness harness = run(publisher);
        String what = fps + " fps, " + b + " B-frames";
        harness.archive.check(true);
        int frames = (int) Math.round(SECONDS * fps);
        assertThat(harness.archive.labels("source")).as(what).hasSize(frames);
        assertThat(harness.archive.labels("720p")).as(what).hasSize(frames).doesNotHaveDuplicates();
        assertThat(harness.archive.labels("audio")).doesNotHaveDuplicates();
        assertThat(harness.archive.refs("source")).noneMatch(SegmentRef::discontinuity);
        assertThat(total(harness, "source")).as(what).isBetween(19.95, 20.15);
        assertThat(Math.abs(total(harness, "source") - total(harness, "audio"))).isLessThan(0.15);
      }
    }
  }

  private static double total(Harness harness, String rendition) {
    return harness.archive.refs(rendition).stream().mapToDouble(SegmentRef::durationSeconds).sum();
  }

  @Test
  void acknowledgesEveryUnitOnceItsSessionHasEnded() {
    Publisher publisher = new Publisher();
    Harness harness = run(publisher);
    List<long[]> acks = harness.archive.acks;
    assertThat(acks.get(acks.size() - 1)).containsExactly(1, publisher.units().size() - 1);
    for (int i = 1; i < acks.size(); i++) {
      assertThat(acks.get(i)[1]).isGreaterThan(acks.get(i - 1)[1]);
    }
  }

  @Test
  void cutsByEncoderWhenKeyframesAreFarApart() {
    for (LadderSettings ladder : List.of(Harness.LADDER, LadderSettings.off())) {
      for (int b = 0; b <= 2; b++) {
        Publisher publisher = new Publisher();
        publisher.gopSeconds = 250 / 30.0;
        publisher.bFrames = b;
        publisher.seconds = 40;
        Harness harness = run(publisher, ladder);
        harness.archive.check(true);
        assertThat(harness.archive.presentation.targetDurationSeconds()).isEqualTo(4);
        assertThat(harness.archive.refs("source")).hasSizeBetween(10, 11);
        assertThat(harness.archive.labels("source")).hasSize(1200).doesNotHaveDuplicates();
        assertThat(harness.archive.refs("source").stream().filter(SegmentRef::discontinuity))
            .hasSize(1);
        assertThat(harness.archive.notices).extracting("code").containsOnlyOnce("cut.by-encoder");
        assertThat(harness.pipeline.status().cut()).isEqualTo("encoder");
        assertThat(harness.archive.workersAsked).isEqualTo(1);
        if (!ladder.rungs().isEmpty()) {
          assertThat(harness.archive.labels("720p")).hasSize(1200).doesNotHaveDuplicates();
        }
      }
    }
  }

  @Test
  void takesTheTargetDurationFromALongerFirstGop() {
    Publisher publisher = new Publisher();
    publisher.gopSeconds = 5;
    publisher.seconds = 30;
    Harness harness = run(publisher);
    harness.archive.check(true);
    assertThat(harness.archive.presentation.targetDurationSeconds()).isEqualTo(5);
    assertThat(harness.archive.refs("source")).hasSize(6);
  }

  @Test
  void continuesTheLineWithOneDiscontinuityWhenThePublisherReturns() {
    Harness harness = run(new Publisher());
    harness.now += 7_000 * Harness.MS;
    harness.session(2);
    Publisher again = new Publisher();
    again.label = "again-";
    again.startMs = 123_456;
    harness.feed(again.units());
    harness.end();
    harness.archive.check(true);
    List<SegmentRef> refs = harness.archive.refs("source");
    assertThat(refs.stream().filter(SegmentRef::discontinuity)).hasSize(1);
    assertThat(refs.get(5).discontinuity()).isTrue();
    long gapMs =
        refs.get(5).programDateTimeMs()
            - refs.get(4).programDateTimeMs()
            - Math.round(refs.get(4).durationSeconds() * 1000);
    assertThat(gapMs).isBetween(6_900L, 7_100L);
    assertThat(harness.archive.labels("480p")).hasSize(1200).doesNotHaveDuplicates();
  }

  @Test
  void makesTheSameSegmentsWhereverAWorkerDies() {
    Publisher publisher = new Publisher();
    publisher.seconds = 10;
    publisher.bFrames = 2;
    publisher.audio = false;
    Archive undisturbed = run(publisher).archive;
    for (int k = 0; k < 600; k += 7) {
      Harness harness = new Harness(Harness.settings(Harness.LADDER));
      harness.session(1);
      harness.startWorker().dieAfterPackets = k;
      harness.feed(publisher.units());
      harness.end();
      for (String rendition : List.of("source", "720p", "480p")) {
        assertThat(harness.archive.dump(rendition))
            .as(rendition + " after death at packet " + k)
            .isEqualTo(undisturbed.dump(rendition));
      }
    }
  }

  @Test
  void makesTheSameSegmentsWhereverAWorkerDiesWhileItMakesTheCuts() {
    Publisher publisher = new Publisher();
    publisher.seconds = 18;
    publisher.bFrames = 2;
    publisher.gopSeconds = 250 / 30.0;
    Archive undisturbed = run(publisher).archive;
    for (int k = 0; k < 1700; k += 31) {
      Harness harness = new Harness(Harness.settings(Harness.LADDER));
      harness.session(1);
      harness.startWorker().dieAfterPackets = k;
      harness.feed(publisher.units());
      harness.end();
      for (String rendition : List.of("source", "720p", "480p", "audio")) {
        assertThat(harness.archive.dump(rendition))
            .as(rendition + " after death at packet " + k)
            .isEqualTo(undisturbed.dump(rendition));
      }
    }
  }

  @Test
  void makesTheSameSegmentsWhereverAWorkerDiesWhileItTranscodesSound() {
    Publisher publisher = new Publisher();
    publisher.seconds = 14;
    publisher.audioCodec = Codec.OPUS;
    for (int delay : List.of(0, 48_000)) {
      Archive undisturbed = withTranscodedSound(publisher, delay, Integer.MAX_VALUE);
      assertThat(undisturbed.hasGaps("audio")).isFalse();
      for (int k = 1; k < 1400; k += 17) {
        Archive disturbed = withTranscodedSound(publisher, delay, k);
        for (String rendition : List.of("source", "720p", "480p", "audio")) {
          assertThat(disturbed.dump(rendition))
              .as(rendition + " after death at packet " + k + ", sound " + delay + " behind")
              .isEqualTo(undisturbed.dump(rendition));
        }
      }
    }
  }

  private static Archive withTranscodedSound(Publisher publisher, int delay, int dieAfterPackets) {
    Harness harness = new Harness(Harness.settings(Harness.LADDER));
    harness.audioDelay = delay;
    harness.session(1);
    harness.startWorker().dieAfterPackets = dieAfterPackets;
    harness.feed(publisher.units());
    harness.end();
    return harness.archive;
  }

  @Test
  void goesOnFromRecoveredStateWithTheSameSegments() {
    for (double gop : List.of(2.0, 250 / 30.0)) {
      Publisher publisher = new Publisher();
      publisher.bFrames = 2;
      publisher.fps = 29.97;
      publisher.gopSeconds = gop;
      publisher.seconds = 24;
      List<MediaUnit> units = publisher.units();
      Archive undisturbed = run(publisher).archive;
      for (int at = 300; at < units.size(); at += 97) {
        recoverAt(units, at, undisturbed, gop);
      }
    }
  }

  private static void recoverAt(List<MediaUnit> units, int at, Archive undisturbed, double gop) {
    Harness first = new Harness(Harness.settings(Harness.LADDER));
    first.session(1);
    first.startWorker();
    first.feed(units.subList(0, at));
    Optional<PipelineState> state = first.pipeline.state();
    if (state.isEmpty()) {
      return;
    }
    Harness second = new Harness(Harness.settings(Harness.LADDER), 2, state);
    second.now = first.now;
    long needed = second.pipeline.firstNeededSeq();
    for (long[] ack : first.archive.acks) {
      assertThat(ack[1]).as("acknowledged").isLessThan(needed);
    }
    second.pipeline.sessionStarted(1, 1_700_000_000_000L + 9_999, second.now, true);
    second.startWorker();
    second.feed(units.subList((int) needed, units.size()));
    second.end();
    for (String rendition : List.of("source", "720p", "480p", "audio")) {
      List<String> both = new ArrayList<>(first.archive.dump(rendition));
      both.addAll(second.archive.dump(rendition));
      assertThat(both)
          .as(rendition + " recovered at unit " + at + " with GOPs of " + gop + " s")
          .isEqualTo(undisturbed.dump(rendition));
    }
    assertThat(second.archive.refs("source")).allMatch(r -> r.name().startsWith("2-"));
  }

  @Test
  void goesOnWithANewSessionAfterARestart() {
    Publisher publisher = new Publisher();
    List<MediaUnit> units = publisher.units();
    Harness first = new Harness(Harness.settings(Harness.LADDER));
    first.session(1);
    first.startWorker();
    first.feed(units.subList(0, 1100));
    Harness second = new Harness(Harness.settings(Harness.LADDER), 2, first.pipeline.state());
    second.now = first.now + 5_000 * Harness.MS;
    second.session(2);
    second.startWorker();
    second.feed(units);
    second.end();
    second.archive.presentation = first.archive.presentation;
    second.archive.check(true);
    List<SegmentRef> before = first.archive.refs("source");
    SegmentRef next = second.archive.refs("source").get(0);
    SegmentRef last = before.get(before.size() - 1);
    assertThat(next.msn()).isEqualTo(last.msn() + 1);
    assertThat(next.discontinuity()).isTrue();
    assertThat(next.startTicks()).isGreaterThan(last.startTicks() + last.durationTicks());
  }

  @Test
  void passesAudioOnlyAndVideoOnlyStreamsThrough() {
    Publisher audioOnly = new Publisher();
    audioOnly.video = false;
    Harness harness = run(audioOnly);
    harness.archive.check(true);
    assertThat(harness.archive.presentation.renditions())
        .extracting("name")
        .containsExactly("audio");
    assertThat(harness.archive.labels("audio")).hasSize(938).doesNotHaveDuplicates();
    Publisher videoOnly = new Publisher();
    videoOnly.audio = false;
    harness = run(videoOnly);
    harness.archive.check(true);
    assertThat(harness.archive.presentation.audio()).isEmpty();
    assertThat(harness.archive.labels("source")).hasSize(600);
  }

  @Test
  void listsGapsWhereAudioIsMissing() {
    Publisher publisher = new Publisher();
    publisher.audioFrom = 0;
    publisher.audioUntil = 7;
    Harness harness = run(publisher);
    harness.archive.check(true);
    assertThat(harness.archive.refs("audio").get(4).gap()).isTrue();
    assertThat(harness.archive.refs("audio").get(0).gap()).isFalse();
  }

  @Test
  void alignsTranscodedAudio() {
    Publisher publisher = new Publisher();
    publisher.audioCodec = Codec.OPUS;
    Harness harness = run(publisher);
    harness.archive.check(true);
    assertThat(harness.archive.hasGaps("audio")).isFalse();
    assertThat(harness.archive.labels("audio")).doesNotHaveDuplicates();
    assertThat(total(harness, "audio")).isBetween(19.8, 20.1);
    assertThat(harness.archive.hasGaps("720p")).isFalse();
    assertThat(harness.archive.labels("720p")).hasSize(600).doesNotHaveDuplicates();
  }

  @Test
  void rebasesJumpsAndBackwardStepsWithoutLongSegments() {
    for (long jump : List.of(5_000L, 3_600_000L, 1L << 31, -3_000L, -100_000L)) {
      List<MediaUnit> units = new ArrayList<>();
      for (MediaUnit u : new Publisher().units()) {
        long shift = u.dtsMs() > 9_500 ? jump : 0;
        units.add(
            new MediaUnit(
                u.seq(),
                u.kind(),
                u.track(),
                u.codec(),
                u.generation(),
                u.dtsMs() + shift,
                u.compositionOffsetMs(),
                u.idr(),
                u.payload()));
      }
      Harness harness = new Harness(Harness.settings(Harness.LADDER));
      harness.session(1);
      harness.startWorker();
      for (MediaUnit unit : units) {
        harness.now += 8 * Harness.MS;
        harness.pipeline.unit(unit, harness.now);
        harness.runWorker(100);
      }
      harness.end();
      harness.archive.check(true);
      assertThat(harness.archive.labels("720p")).as("jump " + jump).hasSize(600);
      assertThat(harness.archive.refs("720p").stream().filter(SegmentRef::discontinuity))
          .as("jump " + jump)
          .hasSize(1);
      assertThat(total(harness, "audio")).isBetween(19.8, 20.2);
    }
  }

  @Test
  void givesTheSourceANewInitWhenItsSizeChanges() {
    Publisher small = new Publisher();
    small.startMs = 20_000;
    small.videoConfig = FakeMuxing.videoConfig(1280, 720, 30, "avc1.64001f");
    List<MediaUnit> units = new ArrayList<>(new Publisher().units());
    for (MediaUnit u : small.units()) {
      if (u.isConfig() && !u.isVideo()) {
        continue;
      }
      int generation = u.isVideo() ? 2 : 1;
      units.add(
          new MediaUnit(
              0,
              u.kind(),
              u.track(),
              u.codec(),
              generation,
              u.dtsMs(),
              u.compositionOffsetMs(),
              u.idr(),
              u.payload()));
    }
    Harness harness = new Harness(Harness.settings(Harness.LADDER));
    harness.session(1);
    harness.startWorker();
    harness.feed(Publisher.renumber(units, 0));
    harness.end();
    harness.archive.check(true);
    List<SegmentRef> source = harness.archive.refs("source");
    assertThat(source.get(5).discontinuity()).isTrue();
    assertThat(source.get(5).initName()).isNotEqualTo(source.get(4).initName());
    List<SegmentRef> rung = harness.archive.refs("480p");
    assertThat(rung.get(5).initName()).isEqualTo(rung.get(4).initName());
    assertThat(harness.archive.labels("480p")).hasSize(1200);
  }

  @Test
  void refusesAnotherCodecFamilyForADeclaredStreamThatCannotBeEncoded() {
    Publisher hevc = new Publisher();
    hevc.videoCodec = Codec.HEVC;
    hevc.videoConfig = FakeMuxing.videoConfig(1920, 1080, 30, "hvc1.1.6.L120.90");
    Harness harness = run(hevc);
    harness.archive.check(true);
    assertThat(harness.archive.presentation.renditions().get(0).name()).isEqualTo("1080p");
    harness.session(2);
    harness.feed(new Publisher().units());
    assertThat(harness.archive.refusals).hasSize(1).first().asString().startsWith("video: avc1");
  }

  @Test
  void raisesTheDeclaredBandwidthOfARungThatExceedsIt() {
    Harness harness = new Harness(Harness.settings(Harness.LADDER));
    harness.session(1);
    harness.startWorker();
    List<MediaUnit> units = new Publisher().units();
    int atCut = (int) units.stream().takeWhile(unit -> unit.dtsMs() < 8_000).count();
    harness.feed(units.subList(0, atCut));
    long raised = harness.pipeline.status().counters().getOrDefault("bandwidth.raised", 0L);
    List<Rendition> before = harness.archive.presentation.renditions();
    harness.worker.extraBytes = 10_000;
    harness.feed(units.subList(atCut, units.size()));
    harness.end();
    List<Rendition> after = harness.archive.presentation.renditions();
    assertThat(after.get(1)).isEqualTo(before.get(1));
    assertThat(after.get(2).name()).isEqualTo("480p");
    assertThat(after.get(2).bandwidthBps())
        .isGreaterThanOrEqualTo(before.get(2).bandwidthBps() * 5 / 4);
    assertThat(harness.pipeline.status().counters()).containsEntry("bandwidth.raised", raised + 1);
  }

  @Test
  void refusesHdrWithADiagnosis() {
    Publisher hdr = new Publisher();
    hdr.videoCodec = Codec.HEVC;
    hdr.videoConfig = FakeMuxing.videoConfig(1920, 1080, 30, "hvc1.2.4.L120" + FakeMuxing.HDR);
    Harness harness = run(hdr);
    assertThat(harness.archive.refusals)
        .containsExactly("video transfer function: PQ (expected: SDR, HDR is not shown)");
    assertThat(harness.archive.presentation).isNull();
    harness.session(2);
    harness.feed(new Publisher().units());
    harness.end();
    harness.archive.check(true);
    assertThat(harness.archive.labels("480p")).hasSize(600);
  }

  @Test
  void encodesTheSourceWhenItReturnsAboveItsDeclaredLevel() {
    Harness harness = run(new Publisher());
    harness.session(2);
    Publisher higher = new Publisher();
    higher.videoConfig = FakeMuxing.videoConfig(1920, 1080, 30, "avc1.640034");
    harness.feed(higher.units());
    harness.end();
    harness.archive.check(true);
    assertThat(harness.archive.labels("source")).hasSize(1200);
    assertThat(harness.archive.refusals).isEmpty();
  }

  @Test
  void turnsLateSegmentsIntoGapsWithoutHoldingTheSource() {
    Harness harness = new Harness(Harness.settings(Harness.LADDER));
    harness.session(1);
    Publisher publisher = new Publisher();
    publisher.seconds = 60;
    List<MediaUnit> units = publisher.units();
    harness.feed(units);
    assertThat(harness.archive.refs("source")).hasSize(14);
    harness.pipeline.tick(harness.now);
    assertThat(harness.archive.refs("720p")).isNotEmpty().allMatch(SegmentRef::gap);
    assertThat(harness.archive.acks).isNotEmpty();
    harness.startWorker();
    harness.end();
    harness.archive.check(true);
    assertThat(harness.archive.refs("720p").get(14).gap()).isFalse();
  }

  @Test
  void breaksAllRenditionsWhenAWorkerComesBackWithOtherParameterSets() {
    Harness harness = new Harness(Harness.settings(Harness.LADDER));
    harness.session(1);
    harness.startWorker();
    List<MediaUnit> units = new Publisher().units();
    harness.feed(units.subList(0, 800));
    harness.pipeline.workerGone();
    harness.worker = new FakeWorker(harness.pipeline);
    harness.worker.extradata = "other ";
    harness.pipeline.workerReady(harness.worker, harness.now);
    harness.feed(units.subList(800, units.size()));
    harness.end();
    harness.archive.check(true);
    assertThat(harness.archive.refs("source").stream().filter(SegmentRef::discontinuity))
        .hasSize(1);
    assertThat(harness.archive.refs("720p").get(4).initName())
        .isNotEqualTo(harness.archive.refs("720p").get(0).initName());
  }

  @Test
  void refusesATrackThatAppearsAfterOneSecond() {
    Publisher publisher = new Publisher();
    publisher.audio = false;
    List<MediaUnit> units = new ArrayList<>(publisher.units().subList(0, 60));
    Publisher late = new Publisher();
    late.video = false;
    late.startMs = 2_000;
    units.addAll(late.units());
    units.addAll(publisher.units().subList(60, 601));
    Harness harness = new Harness(Harness.settings(Harness.LADDER));
    harness.session(1);
    harness.startWorker();
    harness.feed(Publisher.renumber(units, 0));
    harness.end();
    assertThat(harness.archive.presentation.audio()).isEmpty();
    assertThat(harness.archive.notices).extracting("code").contains("track.late");
  }
}
