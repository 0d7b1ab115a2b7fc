package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MultivariantPlaylist.Media;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;

/** The tags that this project writes; any other is refused. {@code value} is what follows ':'. */
enum PlaylistTag {
  EXTM3U("#EXTM3U", "H1") {
    @Override
    void read(String value, PlaylistDraft draft) {
      // Carries nothing; its place is checked by the parser.
    }
  },
  VERSION("#EXT-X-VERSION", "H1") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      draft.version = (int) number(value);
    }
  },
  INDEPENDENT_SEGMENTS("#EXT-X-INDEPENDENT-SEGMENTS", "H12") {
    @Override
    void read(String value, PlaylistDraft draft) {
      draft.independentSegments = true;
    }
  },
  TARGETDURATION("#EXT-X-TARGETDURATION", "H2") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      draft.targetDurationSeconds = (int) number(value);
    }
  },
  MEDIA_SEQUENCE("#EXT-X-MEDIA-SEQUENCE", "H3") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      draft.mediaSequence = number(value);
    }
  },
  DISCONTINUITY_SEQUENCE("#EXT-X-DISCONTINUITY-SEQUENCE", "H4") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      if (draft.discontinuity) {
        throw new PlaylistSyntaxException("H4", "DISCONTINUITY-SEQUENCE after DISCONTINUITY");
      }
      draft.discontinuitySequence = number(value);
    }
  },
  PLAYLIST_TYPE("#EXT-X-PLAYLIST-TYPE", "H17") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      if (!value.equals("EVENT") && !value.equals("VOD")) {
        throw new PlaylistSyntaxException("PLAYLIST-TYPE: " + value);
      }
      draft.playlistType = value;
    }
  },
  ENDLIST("#EXT-X-ENDLIST", "H17") {
    @Override
    void read(String value, PlaylistDraft draft) {
      draft.ended = true;
    }
  },
  DISCONTINUITY("#EXT-X-DISCONTINUITY", "") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      if (draft.discontinuity) {
        throw new PlaylistSyntaxException("DISCONTINUITY twice before one segment");
      }
      draft.checkBeforeParts("DISCONTINUITY");
      draft.discontinuity = true;
    }
  },
  MAP("#EXT-X-MAP", "") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      String uri = AttributeList.parse(value).get("URI");
      if (uri == null || uri.isEmpty()) {
        throw new PlaylistSyntaxException("MAP without URI: " + value);
      }
      draft.checkBeforeParts("MAP");
      draft.mapUri = uri;
    }
  },
  PROGRAM_DATE_TIME("#EXT-X-PROGRAM-DATE-TIME", "") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      draft.checkBeforeParts("PROGRAM-DATE-TIME");
      draft.programDateTime = time(value);
    }
  },
  GAP("#EXT-X-GAP", "") {
    @Override
    void read(String value, PlaylistDraft draft) {
      draft.gap = true;
    }
  },
  EXTINF("#EXTINF", "") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      if (draft.durationSeconds != null || !value.matches("\\d+(\\.\\d+)?,[^\r\n]*")) {
        throw new PlaylistSyntaxException("EXTINF: " + value);
      }
      draft.durationSeconds = Double.valueOf(value.substring(0, value.indexOf(',')));
    }
  },
  SERVER_CONTROL("#EXT-X-SERVER-CONTROL", "L2") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      draft.serverControl = Map.copyOf(AttributeList.parse(value));
    }
  },
  PART_INF("#EXT-X-PART-INF", "L1") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      draft.partTargetSeconds = seconds(AttributeList.parse(value).get("PART-TARGET"));
    }
  },
  SKIP("#EXT-X-SKIP", "L7") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      draft.skipped = (int) number(AttributeList.parse(value).getOrDefault(SKIPPED, ""));
    }
  },
  PART("#EXT-X-PART", "") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      Map<String, String> attributes = AttributeList.parse(value);
      draft.part(
          new LowLatency.Part(
              uri(attributes),
              seconds(attributes.get("DURATION")),
              "YES".equals(attributes.get("INDEPENDENT")),
              "YES".equals(attributes.get("GAP"))));
    }
  },
  PRELOAD_HINT("#EXT-X-PRELOAD-HINT", "") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      Map<String, String> attributes = AttributeList.parse(value);
      if (!"PART".equals(attributes.get("TYPE"))) {
        throw new PlaylistSyntaxException("L8", "PRELOAD-HINT: " + value);
      }
      draft.hints.add(uri(attributes));
    }
  },
  RENDITION_REPORT("#EXT-X-RENDITION-REPORT", "") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      Map<String, String> attributes = AttributeList.parse(value);
      draft.reports.put(
          uri(attributes),
          new LowLatency.Report(
              number(attributes.getOrDefault("LAST-MSN", "")),
              (int) number(attributes.getOrDefault("LAST-PART", ""))));
    }
  },
  STREAM_INF("#EXT-X-STREAM-INF", "") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      draft.streamInf = Map.copyOf(AttributeList.parse(value));
    }
  },
  MEDIA("#EXT-X-MEDIA", "") {
    @Override
    void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException {
      draft.media.add(new Media(Map.copyOf(AttributeList.parse(value))));
    }
  };

  private final String text;
  private final String onceRule;

  /**
   * @param onceRule rule that is broken when the tag comes twice or behind the first segment; empty
   *     for tags of segments
   */
  PlaylistTag(String text, String onceRule) {
    this.text = text;
    this.onceRule = onceRule;
  }

  abstract void read(String value, PlaylistDraft draft) throws PlaylistSyntaxException;

  static PlaylistTag of(String name) throws PlaylistSyntaxException {
    for (PlaylistTag tag : values()) {
      if (tag.text.equals(name)) {
        return tag;
      }
    }
    throw new PlaylistSyntaxException("unknown tag: " + name);
  }

  void checkPlace(PlaylistDraft draft) throws PlaylistSyntaxException {
    if (onceRule.isEmpty()) {
      return;
    }
    if (!draft.seen.add(this)) {
      throw new PlaylistSyntaxException(onceRule, text + " twice");
    }
    if (this != ENDLIST && !draft.segments.isEmpty()) {
      throw new PlaylistSyntaxException(onceRule, text + " after a segment");
    }
  }

  private static long number(String value) throws PlaylistSyntaxException {
    if (!value.matches("\\d{1,18}")) {
      throw new PlaylistSyntaxException("decimal integer: " + value);
    }
    return Long.parseLong(value);
  }

  private static final String SKIPPED = "SKIPPED-SEGMENTS";

  private static String uri(Map<String, String> attributes) throws PlaylistSyntaxException {
    String uri = attributes.get("URI");
    if (uri == null || uri.isEmpty()) {
      throw new PlaylistSyntaxException("no URI: " + attributes);
    }
    return uri;
  }

  private static double seconds(String value) throws PlaylistSyntaxException {
    if (value == null || !value.matches("\\d+(\\.\\d+)?")) {
      throw new PlaylistSyntaxException("decimal number: " + value);
    }
    return Double.parseDouble(value);
  }

  private static Instant time(String value) throws PlaylistSyntaxException {
    try {
      return OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeParseException e) {
      throw new PlaylistSyntaxException("PROGRAM-DATE-TIME: " + value);
    }
  }
}
