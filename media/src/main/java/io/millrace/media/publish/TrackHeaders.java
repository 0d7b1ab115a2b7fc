package io.millrace.media.publish;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The newest script data and codec configurations, which each new session needs first. */
final class TrackHeaders {
  private final Map<PublishTag.Type, PublishTag> newest = new EnumMap<>(PublishTag.Type.class);

  static boolean isHeader(PublishTag tag) {
    return tag.type() == PublishTag.Type.SCRIPT || tag.isSequenceHeader();
  }

  void remember(PublishTag tag) {
    if (isHeader(tag)) {
      newest.put(tag.type(), tag);
    }
  }

  /** Script data, then video, then audio. */
  List<PublishTag> all() {
    List<PublishTag> all = new ArrayList<>();
    for (PublishTag.Type type :
        List.of(PublishTag.Type.SCRIPT, PublishTag.Type.VIDEO, PublishTag.Type.AUDIO)) {
      if (newest.containsKey(type)) {
        all.add(newest.get(type));
      }
    }
    return all;
  }
}
