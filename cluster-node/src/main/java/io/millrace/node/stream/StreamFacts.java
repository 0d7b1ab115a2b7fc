package io.millrace.node.stream;

import io.millrace.http.StreamInfo;
import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.segment.PipelineStatus;
import io.millrace.media.segment.PipelineStatus.RenditionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the API shows of a stream, put together from its state and its pipeline's status. */
record StreamFacts(
    StreamState state,
    Presentation presentation,
    PipelineStatus status,
    List<StreamInfo.Notice> notices) {

  StreamInfo toInfo() {
    boolean reconnecting = state.status() == StreamState.Status.RECONNECTING;
    return new StreamInfo(
        state.streamId(),
        state.status().name().toLowerCase(Locale.ROOT),
        Instant.ofEpochMilli(state.startedAtMs()),
        reconnecting ? Instant.ofEpochMilli(state.deadlineMs()) : null,
        state.owner(),
        state.epoch(),
        state.session(),
        0,
        status == null ? null : status.cut(),
        video(),
        audio(),
        renditions(),
        List.copyOf(notices));
  }

  private StreamInfo.VideoInfo video() {
    if (status == null || status.video() == null) {
      return null;
    }
    PipelineStatus.Video v = status.video();
    return new StreamInfo.VideoInfo(
        v.codec(),
        v.codecs(),
        v.width(),
        v.height(),
        v.frameRate(),
        v.keyframeIntervalSeconds(),
        v.bitrateBps());
  }

  private StreamInfo.AudioInfo audio() {
    if (status == null || status.audio() == null) {
      return null;
    }
    PipelineStatus.Audio a = status.audio();
    return new StreamInfo.AudioInfo(
        a.codec(), a.codecs(), a.sampleRate(), a.channels(), a.bitrateBps());
  }

  private List<StreamInfo.RenditionInfo> renditions() {
    return presentation == null
        ? List.of()
        : presentation.renditions().stream().map(this::rendition).toList();
  }

  private StreamInfo.RenditionInfo rendition(Rendition r) {
    Optional<RenditionStatus> s =
        status == null
            ? Optional.empty()
            : status.renditions().stream().filter(x -> x.name().equals(r.name())).findFirst();
    return new StreamInfo.RenditionInfo(
        r.name(),
        r.kind().name().toLowerCase(Locale.ROOT),
        s.map(RenditionStatus::state).orElse("starting"),
        r.codecs(),
        r.width(),
        r.height(),
        r.frameRate(),
        r.bandwidthBps(),
        s.map(RenditionStatus::nextMsn).orElse(0L),
        s.map(RenditionStatus::lagMillis).orElse(0L),
        s.map(RenditionStatus::droppedFrames).orElse(0L),
        s.map(RenditionStatus::gapSegments).orElse(0L));
  }
}
