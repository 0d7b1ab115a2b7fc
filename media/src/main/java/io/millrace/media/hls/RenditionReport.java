package io.millrace.media.hls;

/**
 * How far a rendition's playlist goes, for EXT-X-RENDITION-REPORT (RFC 8216bis §4.4.5.4).
 *
 * @param rendition its name
 * @param lastMsn number of its newest segment, whole or in flight
 * @param lastPart index of the newest part of that segment; 0 when the segment has none
 */
public record RenditionReport(String rendition, long lastMsn, int lastPart) {

  /** Reports never go backward. */
  public RenditionReport orLater(RenditionReport other) {
    boolean later =
        other.lastMsn > lastMsn || (other.lastMsn == lastMsn && other.lastPart > lastPart);
    return later ? other : this;
  }
}
