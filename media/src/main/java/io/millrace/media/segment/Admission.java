package io.millrace.media.segment;

import io.millrace.media.Codec;
import io.millrace.media.RenditionKind;
import io.millrace.media.codec.VideoFormat;

/**
 * What a session may bring: what this server can show at all, and what goes on under the renditions
 * that the stream has declared. A refusal ends the session with a diagnosis.
 */
final class Admission {
  /** Transfer characteristics of PQ (SMPTE ST 2084), ISO/IEC 23091-2; the other HDR one is HLG. */
  private static final int PQ = 16;

  private final Context context;
  private final Renditions renditions;

  Admission(Context context, Renditions renditions) {
    this.context = context;
    this.renditions = renditions;
  }

  /** HDR would need tone mapping for every rung, and signalling that players honour. */
  boolean servable(Session session, VideoFormat format) {
    if (format.hdr()) {
      String transfer = format.color().transfer() == PQ ? "PQ" : "HLG";
      refuse(
          session, "video transfer function: " + transfer + " (expected: SDR, HDR is not shown)");
    }
    return !format.hdr();
  }

  /** The rendition set is frozen: a returning session has to fit into it. */
  boolean admitsTracks(Session session) {
    boolean wantsVideo = renditions.source() != null;
    session.hasVideo = wantsVideo && session.video != null;
    session.hasAudio = renditions.audio() != null && session.audio != null;
    if (wantsVideo && !session.hasVideo) {
      refuse(session, "video: none (expected: the stream began with video)");
      return false;
    }
    if (!wantsVideo && !session.hasAudio) {
      refuse(session, "audio: none (expected: the stream began with audio)");
      return false;
    }
    if (session.video != null && !wantsVideo) {
      context.notice("track.late", "The stream began without video; the video track is left out.");
    }
    if (session.audio != null && !session.hasAudio) {
      context.notice("track.late", "The stream began without audio; the audio track is left out.");
    }
    boolean needsAudioEncoder = session.hasAudio && session.audio.codec() != Codec.AAC;
    if (needsAudioEncoder && renditions.audioEncoder() == null) {
      refuse(session, "audio codec: " + session.audio.codec() + " (expected: AAC as declared)");
      return false;
    }
    return !session.hasVideo || admits(session, session.video);
  }

  boolean fits(VideoFormat format) {
    if (!renditions.frozen() || !renditions.sourceListed()) {
      return true;
    }
    return Compatibility.fits(declaredCodecs(), format);
  }

  private String declaredCodecs() {
    return renditions.presentation().renditions().stream()
        .filter(r -> r.kind() == RenditionKind.SOURCE)
        .findFirst()
        .orElseThrow()
        .codecs();
  }

  /** A format above the declared one can only go on where the source can be encoded instead. */
  boolean admits(Session session, VideoFormat format) {
    if (fits(format)) {
      return true;
    }
    boolean encodable =
        context.settings.cutByEncoder() && Compatibility.family(declaredCodecs()).equals("avc1");
    if (!encodable) {
      refuse(
          session,
          "video: "
              + format.codecs()
              + " (expected: at most "
              + declaredCodecs()
              + " as declared)");
    }
    return encodable;
  }

  void refuse(Session session, String diagnosis) {
    session.refused = true;
    context.output.refused(diagnosis);
  }
}
