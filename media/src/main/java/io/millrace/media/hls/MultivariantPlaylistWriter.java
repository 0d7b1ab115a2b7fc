package io.millrace.media.hls;

import io.millrace.media.Presentation;
import io.millrace.media.Rendition;
import io.millrace.media.RenditionKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Text of the multivariant playlist (RFC 8216bis §4.4.6): one variant per video rendition, the
 * audio rendition as EXT-X-MEDIA; an audio-only stream is one plain variant. Media playlists are
 * {@code RENDITION/index.m3u8}, relative to it.
 */
public final class MultivariantPlaylistWriter {

  static final String AUDIO_GROUP = "aud";

  private MultivariantPlaylistWriter() {}

  /**
   * @param hidden names of renditions to leave out (suspended for long); ignored where it would
   *     leave no video
   */
  public static String write(Presentation presentation, Set<String> hidden) {
    Optional<Rendition> audio = presentation.audio().filter(a -> presentation.hasVideo());
    // RFC 8216 §7 suggests version 4 for EXT-X-MEDIA; nothing else here needs a version.
    String head = "#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-INDEPENDENT-SEGMENTS\n";
    return head
        + audio.map(MultivariantPlaylistWriter::media).orElse("")
        + variants(presentation, hidden).stream()
            .map(v -> streamInf(v, audio))
            .collect(Collectors.joining());
  }

  private static List<Rendition> variants(Presentation presentation, Set<String> hidden) {
    if (!presentation.hasVideo()) {
      return presentation.renditions();
    }
    List<Rendition> video =
        presentation.renditions().stream().filter(r -> r.kind() != RenditionKind.AUDIO).toList();
    List<Rendition> shown = video.stream().filter(r -> !hidden.contains(r.name())).toList();
    return shown.isEmpty() ? video : shown;
  }

  /** LANGUAGE is not written: RTMP does not say it. */
  private static String media(Rendition audio) {
    return "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\""
        + AUDIO_GROUP
        + "\",NAME=\"Audio\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\""
        + audio.channels()
        + "\",URI=\""
        + uri(audio)
        + "\"\n";
  }

  private static String streamInf(Rendition variant, Optional<Rendition> audio) {
    String attributes =
        Stream.of(VariantAttribute.values())
            .flatMap(a -> a.value(variant, audio).map(v -> a.key() + "=" + v).stream())
            .collect(Collectors.joining(","));
    return "#EXT-X-STREAM-INF:" + attributes + "\n" + uri(variant) + "\n";
  }

  private static String uri(Rendition rendition) {
    return rendition.name() + "/index.m3u8";
  }
}
