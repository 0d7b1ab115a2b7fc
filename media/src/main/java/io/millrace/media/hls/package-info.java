/** HLS playlists (RFC 8216bis) and the media-sequence window. Pure. */
package io.millrace.media.hls;
