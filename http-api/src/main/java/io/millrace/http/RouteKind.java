package io.millrace.http;

import java.util.Locale;

/** What a route is, for metrics: few values, none from the request. */
enum RouteKind {
  HLS_MULTIVARIANT,
  HLS_PLAYLIST,
  HLS_OBJECT,
  API,
  PAGE,
  HEALTH,
  METRICS,
  INTERNAL,
  UNKNOWN;

  private final String tag = name().toLowerCase(Locale.ROOT).replace('_', '-');

  String tag() {
    return tag;
  }

  /** HLS resources may be read from pages of any origin. */
  boolean crossOrigin() {
    return this == HLS_MULTIVARIANT || this == HLS_PLAYLIST || this == HLS_OBJECT;
  }
}
