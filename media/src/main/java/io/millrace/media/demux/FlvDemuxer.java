package io.millrace.media.demux;

import io.millrace.media.Codec;
import io.millrace.media.TrackKind;
import io.millrace.media.codec.AccessUnit;
import io.millrace.media.codec.AccessUnitParser;
import io.millrace.media.codec.AudioFormats;
import io.millrace.media.codec.CodecException;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.codec.VideoFormats;
import io.millrace.protocol.flv.FlvAudioTag;
import io.millrace.protocol.flv.FlvCodec;
import io.millrace.protocol.flv.FlvError;
import io.millrace.protocol.flv.FlvException;
import io.millrace.protocol.flv.FlvVideoTag;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Turns the tags of one publisher's connection into units. Confined to the connection's thread. The
 * data of every unit is an array of its own: bodies may be views of a reused receive buffer.
 */
public final class FlvDemuxer {
  private static final Map<FlvCodec, Codec> CODECS = new EnumMap<>(FlvCodec.class);

  static {
    CODECS.put(FlvCodec.AVC, Codec.H264);
    CODECS.put(FlvCodec.HEVC, Codec.HEVC);
    CODECS.put(FlvCodec.AV1, Codec.AV1);
    CODECS.put(FlvCodec.AAC, Codec.AAC);
    CODECS.put(FlvCodec.OPUS, Codec.OPUS);
    CODECS.put(FlvCodec.MP3, Codec.MP3);
    CODECS.put(FlvCodec.FLAC, Codec.FLAC);
    CODECS.put(FlvCodec.AC3, Codec.AC3);
  }

  private final DemuxSettings settings;
  private final LongSupplier nanoClock;
  private final DemuxOutput output;
  private final DropCounter drops;
  private final TrackState video = new TrackState(TrackKind.VIDEO);
  private final TrackState audio = new TrackState(TrackKind.AUDIO);
  private AccessUnitParser accessUnits;
  private StreamMetadata metadata = StreamMetadata.NONE;
  private boolean noAudioReported;

  /**
   * @param nanoClock monotonic time in ns, for the rate of bad tags; {@code System::nanoTime}
   */
  public FlvDemuxer(DemuxSettings settings, LongSupplier nanoClock, DemuxOutput output) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.output = output;
    this.drops = new DropCounter(settings.maxBadTagsPerSecond());
  }

  /**
   * @param timestampMs32 of the message, unsigned 32 bits
   * @param body the tag body, position to limit; not kept
   * @return whether to go on; a video configuration that is refused closes the connection
   */
  public DemuxVerdict onVideo(long timestampMs32, ByteBuffer body) {
    long dtsMs = video.unwrap(timestampMs32);
    try {
      FlvVideoTag tag = FlvVideoTag.parse(body);
      otherTracks(tag.otherTracks());
      return switch (tag.type()) {
        case SEQUENCE_START -> videoConfig(CODECS.get(tag.codec()), bytes(tag.data()), dtsMs);
        case FRAME -> videoFrame(tag, dtsMs);
        default -> DemuxVerdict.CONTINUE;
      };
    } catch (FlvException e) {
      return dropped(reason(e, DropReason.UNKNOWN_VIDEO_CODEC), e.getMessage());
    }
  }

  /**
   * @param timestampMs32 of the message, unsigned 32 bits
   * @param body the tag body, position to limit; not kept
   * @return whether to go on; audio that cannot be used is dropped, the stream goes on without
   */
  public DemuxVerdict onAudio(long timestampMs32, ByteBuffer body) {
    long dtsMs = audio.unwrap(timestampMs32);
    try {
      FlvAudioTag tag = FlvAudioTag.parse(body);
      otherTracks(tag.otherTracks());
      return switch (tag.type()) {
        case SEQUENCE_START -> audioConfig(CODECS.get(tag.codec()), bytes(tag.data()), dtsMs);
        case FRAME -> audioFrame(CODECS.get(tag.codec()), bytes(tag.data()), dtsMs);
        default -> DemuxVerdict.CONTINUE;
      };
    } catch (FlvException e) {
      DropReason reason = reason(e, DropReason.UNKNOWN_AUDIO_CODEC);
      if (reason == DropReason.UNKNOWN_AUDIO_CODEC) {
        noAudio(e.getMessage());
      }
      return dropped(reason, e.getMessage());
    }
  }

  /** The properties of an {@code onMetaData} message; the last one counts. */
  public void onMetaData(Map<String, Object> properties) {
    metadata = StreamMetadata.of(properties);
  }

  public StreamMetadata metadata() {
    return metadata;
  }

  /** Drops since the start, every reason present. */
  public Map<DropReason, Long> dropped() {
    return drops.snapshot();
  }

  private DemuxVerdict videoConfig(Codec codec, byte[] raw, long dtsMs) {
    if (video.isSame(codec, raw)) {
      return DemuxVerdict.CONTINUE;
    }
    try {
      configureVideo(codec, raw, dtsMs);
      return DemuxVerdict.CONTINUE;
    } catch (CodecException e) {
      video.deconfigure();
      dropped(DropReason.BAD_CONFIG, e.getMessage());
      return DemuxVerdict.close("video configuration: " + e.getMessage());
    }
  }

  private void configureVideo(Codec codec, byte[] raw, long dtsMs) throws CodecException {
    VideoFormat format = VideoFormats.parse(codec, raw, settings.codecLimits());
    accessUnits = AccessUnitParser.create(codec, raw, settings.codecLimits());
    output.unit(video.configure(codec, raw, format.configRecord(), dtsMs));
  }

  private DemuxVerdict videoFrame(FlvVideoTag tag, long dtsMs) {
    if (!video.isConfiguredFor(CODECS.get(tag.codec()))) {
      return dropped(DropReason.NO_CONFIG, "");
    }
    try {
      byte[] data = bytes(tag.data());
      AccessUnit unit = accessUnits.parse(data);
      if (unit.newConfig().isPresent()) {
        configureVideo(CODECS.get(tag.codec()), unit.newConfig().get(), dtsMs);
        unit = accessUnits.parse(data);
      }
      if (unit.isEmpty()) {
        return dropped(DropReason.EMPTY_FRAME, "");
      }
      output.unit(video.frame(dtsMs, tag.compositionTimeMs(), unit.idr(), unit.data()));
      return DemuxVerdict.CONTINUE;
    } catch (CodecException e) {
      return dropped(DropReason.MALFORMED_FRAME, e.getMessage());
    }
  }

  private DemuxVerdict audioConfig(Codec codec, byte[] raw, long dtsMs) {
    if (audio.isSame(codec, raw)) {
      return DemuxVerdict.CONTINUE;
    }
    try {
      AudioFormats.parse(codec, raw, settings.codecLimits());
      output.unit(audio.configure(codec, raw, raw, dtsMs));
      return DemuxVerdict.CONTINUE;
    } catch (CodecException e) {
      audio.deconfigure();
      noAudio(e.getMessage());
      return dropped(DropReason.BAD_CONFIG, e.getMessage());
    }
  }

  private DemuxVerdict audioFrame(Codec codec, byte[] data, long dtsMs) {
    if (data.length == 0) {
      return dropped(DropReason.EMPTY_FRAME, "");
    }
    if (codec == Codec.MP3 || codec == Codec.AC3) {
      DemuxVerdict verdict = configFromFrame(codec, data, dtsMs);
      if (verdict != null) {
        return verdict;
      }
    }
    if (!audio.isConfiguredFor(codec)) {
      return dropped(DropReason.NO_CONFIG, "");
    }
    output.unit(audio.frame(dtsMs, 0, true, data));
    return DemuxVerdict.CONTINUE;
  }

  /** MP3 and AC-3 have no configuration message; null when the frame can be passed on. */
  private DemuxVerdict configFromFrame(Codec codec, byte[] data, long dtsMs) {
    try {
      byte[] config = AudioFormats.configOfFrame(codec, data);
      if (!audio.isSame(codec, config)) {
        output.unit(audio.configure(codec, config, config, dtsMs));
      }
      return null;
    } catch (CodecException e) {
      return dropped(DropReason.MALFORMED_FRAME, e.getMessage());
    }
  }

  private void otherTracks(int count) {
    if (count > 0) {
      drops.count(DropReason.OTHER_TRACK, count, nanoClock.getAsLong());
    }
  }

  private DemuxVerdict dropped(DropReason reason, String why) {
    if (drops.count(reason, 1, nanoClock.getAsLong())) {
      return DemuxVerdict.CONTINUE;
    }
    return DemuxVerdict.close(
        "badTags: more than "
            + settings.maxBadTagsPerSecond()
            + " per second, the last: "
            + (why.isEmpty() ? reason : why));
  }

  private void noAudio(String why) {
    if (!noAudioReported) {
      noAudioReported = true;
      output.notice("demux.no-audio", "no audio: " + why);
    }
  }

  private static DropReason reason(FlvException e, DropReason unsupported) {
    return e.error() == FlvError.UNSUPPORTED_CODEC ? unsupported : DropReason.MALFORMED_TAG;
  }

  private static byte[] bytes(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.get(data.position(), bytes);
    return bytes;
  }
}
