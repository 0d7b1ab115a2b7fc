package io.millrace.media.hls;

import io.millrace.media.Rendition;
import io.millrace.media.RenditionKind;
import java.util.Locale;
import java.util.Optional;

/**
 * Attributes of EXT-X-STREAM-INF (RFC 8216bis §4.4.6.2), in the order in which they are written.
 */
enum VariantAttribute {
  BANDWIDTH("BANDWIDTH") {
    @Override
    Optional<String> value(Rendition variant, Optional<Rendition> audio) {
      return Optional.of(Long.toString(variant.bandwidthBps()));
    }
  },
  AVERAGE_BANDWIDTH("AVERAGE-BANDWIDTH") {
    @Override
    Optional<String> value(Rendition variant, Optional<Rendition> audio) {
      return Optional.of(Long.toString(variant.averageBandwidthBps()));
    }
  },
  /** Of all renditions that the variant plays: video and audio. */
  CODECS("CODECS") {
    @Override
    Optional<String> value(Rendition variant, Optional<Rendition> audio) {
      String all = variant.codecs() + audio.map(a -> "," + a.codecs()).orElse("");
      return Optional.of('"' + all + '"');
    }
  },
  RESOLUTION("RESOLUTION") {
    @Override
    Optional<String> value(Rendition variant, Optional<Rendition> audio) {
      return video(variant).map(v -> v.width() + "x" + v.height());
    }
  },
  /** A maximum, rounded to three decimals. */
  FRAME_RATE("FRAME-RATE") {
    @Override
    Optional<String> value(Rendition variant, Optional<Rendition> audio) {
      return video(variant).map(v -> String.format(Locale.ROOT, "%.3f", v.frameRate()));
    }
  },
  AUDIO("AUDIO") {
    @Override
    Optional<String> value(Rendition variant, Optional<Rendition> audio) {
      return audio.map(a -> '"' + MultivariantPlaylistWriter.AUDIO_GROUP + '"');
    }
  };

  private final String key;

  VariantAttribute(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  /**
   * The value as written; empty: not written.
   *
   * @param audio the separate audio rendition of this variant, empty if there is none
   */
  abstract Optional<String> value(Rendition variant, Optional<Rendition> audio);

  private static Optional<Rendition> video(Rendition variant) {
    return Optional.of(variant).filter(v -> v.kind() != RenditionKind.AUDIO);
  }
}
