package io.millrace.media.segment;

import io.millrace.media.codec.VideoFormat;
import java.util.List;

/** Whether a picture format can go on under a declared CODECS string. */
final class Compatibility {
  private static final List<String> AVC_PROFILES =
      List.of("42", "4d", "58", "64", "6e", "7a", "f4");
  private static final int AVC_LENGTH = "avc1.64001f".length();

  private Compatibility() {}

  /** Same codec family, and for H.264 neither profile nor level above the declared one. */
  static boolean fits(String declared, VideoFormat format) {
    String actual = format.codecs();
    if (!family(declared).equals(family(actual))) {
      return false;
    }
    if (!family(declared).equals("avc1")
        || declared.length() != AVC_LENGTH
        || actual.length() != AVC_LENGTH) {
      return true;
    }
    int declaredProfile = AVC_PROFILES.indexOf(declared.substring(5, 7));
    int actualProfile = AVC_PROFILES.indexOf(actual.substring(5, 7));
    int declaredLevel = Integer.parseInt(declared.substring(9), 16);
    int actualLevel = Integer.parseInt(actual.substring(9), 16);
    return actualProfile <= declaredProfile && actualLevel <= declaredLevel;
  }

  static String family(String codecs) {
    int dot = codecs.indexOf('.');
    return dot < 0 ? codecs : codecs.substring(0, dot);
  }
}
