/**
 * HLS playlists (RFC 8216bis) and the media-sequence window of one rendition. Pure: no clock, no
 * I/O; single-threaded. Entry types: {@link io.millrace.media.hls.MediaPlaylistWindow}, {@link
 * io.millrace.media.hls.MediaPlaylistWriter}, {@link
 * io.millrace.media.hls.MultivariantPlaylistWriter}. May import {@code io.millrace.media} and the
 * JDK.
 */
package io.millrace.media.hls;
