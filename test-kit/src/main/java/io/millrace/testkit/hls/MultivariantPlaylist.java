package io.millrace.testkit.hls;

import java.util.List;
import java.util.Map;

/** One version of a multivariant playlist. Attribute values are without quotes. */
public record MultivariantPlaylist(
    int version, boolean independentSegments, List<Variant> variants, List<Media> media)
    implements ParsedPlaylist {

  public MultivariantPlaylist {
    variants = List.copyOf(variants);
    media = List.copyOf(media);
  }

  /** EXT-X-STREAM-INF and its URI line. */
  public record Variant(Map<String, String> attributes, String uri) {
    public boolean hasVideo() {
      return attributes.containsKey("RESOLUTION")
          || attributes.getOrDefault("CODECS", "").matches(".*\\b(avc1|hvc1|hev1|av01)\\..*");
    }
  }

  /** EXT-X-MEDIA. */
  public record Media(Map<String, String> attributes) {
    public String uri() {
      return attributes.getOrDefault("URI", "");
    }
  }
}
