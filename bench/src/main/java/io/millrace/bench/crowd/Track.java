package io.millrace.bench.crowd;

/** One rendition as one viewer plays it. */
final class Track {
  final String path;
  MediaList list;
  boolean hasInit;
  boolean started;
  long msn;
  int part;
  long reloadNanos;
  double bufferedSeconds;

  /**
   * @param path of its playlist
   */
  Track(String path) {
    this.path = path;
  }

  String directory() {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  void start(boolean lowLatency) {
    if (lowLatency) {
      MediaItem first = list.lowLatencyStart();
      msn = first.msn();
      part = Math.max(0, first.part());
    } else {
      msn = list.plainStart();
    }
    started = true;
  }

  /** What to fetch now; null: nothing is listed. */
  MediaItem next(boolean lowLatency) {
    return lowLatency ? list.at(msn, part) : list.segment(msn);
  }

  void fetched(MediaItem item) {
    bufferedSeconds += item.seconds();
    msn = item.isWhole() ? item.msn() + 1 : item.msn();
    part = item.isWhole() ? 0 : item.part() + 1;
  }

  /** What is wanted next has left the playlist. */
  boolean hasFallenOut() {
    return !list.items().isEmpty() && msn < list.items().get(0).msn();
  }
}
