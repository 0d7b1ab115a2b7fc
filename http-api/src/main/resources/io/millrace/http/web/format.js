'use strict';

/** Texts for people; shared by both pages. */
const format = {
  bitrate(bps) {
    if (!(bps > 0)) return '';
    return bps >= 1e6 ? `${(bps / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bps / 1e3)} kbit/s`;
  },

  rate(fps) {
    return fps > 0 ? `${Number(fps.toFixed(2))} fps` : '';
  },

  size(width, height) {
    return width > 0 && height > 0 ? `${width}×${height}` : '';
  },

  duration(millis) {
    const seconds = Math.max(0, Math.floor(millis / 1000));
    const two = (n) => String(n).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    return hours > 0 ? `${hours}:${rest}` : rest;
  },

  count(n, one, many) {
    return `${n} ${n === 1 ? one : many}`;
  },

  state(stream) {
    return { live: 'Live', reconnecting: 'Reconnecting', ended: 'Ended' }[stream.state] || stream.state;
  },

  /** What the publisher sends, in one line. */
  facts(stream) {
    const video = stream.video || {};
    const audio = stream.audio || {};
    return [
      format.size(video.width, video.height),
      format.rate(video.frameRate),
      format.bitrate((video.bitrateBps || 0) + (audio.bitrateBps || 0)),
    ].filter(Boolean).join(' · ');
  },
};
