// Reads every playlist (*.m3u8) of a directory with two parsers, and prints as JSON, by file name, what each
// of them understood, in one form, and what it complained of:  node parse.js DIRECTORY
'use strict';

const fs = require('fs');
const path = require('path');
const HLS = require('hls-parser');
const { Parser } = require('m3u8-parser');

HLS.setOptions({ strictMode: true });

const ms = (seconds) => Math.round(seconds * 1000);
const isMultivariant = (text) => text.includes('#EXT-X-STREAM-INF:');

function strict(text) {
  const playlist = HLS.parse(text);
  if (playlist.isMasterPlaylist) {
    return {
      variants: playlist.variants.map((variant) => ({
        uri: variant.uri,
        bandwidth: variant.bandwidth,
        averageBandwidth: variant.averageBandwidth,
        codecs: variant.codecs,
        resolution: variant.resolution,
        frameRate: variant.frameRate,
      })),
      audio: [...new Set(playlist.variants.flatMap((variant) => variant.audio).map((audio) => audio.uri))],
    };
  }
  const whole = playlist.segments.filter((segment) => segment.uri);
  const rest = playlist.segments.filter((segment) => !segment.uri).flatMap((segment) => segment.parts);
  const part = (p) => ({ uri: p.uri, ms: ms(p.duration), independent: Boolean(p.independent) });
  return {
    targetDuration: playlist.targetDuration,
    firstSequence: whole.length ? whole[0].mediaSequenceNumber : playlist.mediaSequenceBase,
    discontinuitySequence: playlist.discontinuitySequenceBase || 0,
    ended: Boolean(playlist.endlist),
    skipped: playlist.skip || 0,
    partTargetMs: ms(playlist.partTargetDuration || 0),
    canBlockReload: Boolean(playlist.lowLatencyCompatibility && playlist.lowLatencyCompatibility.canBlockReload),
    segments: whole.map((segment) => ({
      uri: segment.uri,
      ms: ms(segment.duration),
      map: segment.map ? segment.map.uri : null,
      discontinuity: Boolean(segment.discontinuity),
      time: segment.programDateTime ? new Date(segment.programDateTime).getTime() : null,
      parts: segment.parts.map(part),
    })),
    inFlight: rest.filter((p) => !p.hint).map(part),
    hint: rest.filter((p) => p.hint).map((p) => p.uri),
    reports: playlist.renditionReports.map((r) => ({ uri: r.uri, msn: r.lastMSN, part: r.lastPart ?? null })),
  };
}

function lenient(text, complaints) {
  const parser = new Parser();
  for (const event of ['warn', 'error']) {
    parser.on(event, (e) => complaints.push(e.message));
  }
  parser.push(text);
  parser.end();
  const manifest = parser.manifest;
  if (isMultivariant(text)) {
    return {
      variants: manifest.playlists.map((playlist) => ({
        uri: playlist.uri,
        bandwidth: playlist.attributes.BANDWIDTH,
        averageBandwidth: Number(playlist.attributes['AVERAGE-BANDWIDTH']),
        codecs: playlist.attributes.CODECS,
        resolution: playlist.attributes.RESOLUTION,
        frameRate: playlist.attributes['FRAME-RATE'],
      })),
      audio: Object.values(manifest.mediaGroups.AUDIO).flatMap((group) =>
        Object.values(group).map((audio) => audio.uri)),
    };
  }
  const skipped = manifest.skip ? manifest.skip.skippedSegments : 0;
  const part = (p) => ({ uri: p.uri, ms: ms(p.duration), independent: Boolean(p.independent) });
  const ahead = manifest.preloadSegment || {};
  return {
    targetDuration: manifest.targetDuration,
    firstSequence: manifest.mediaSequence + skipped,
    discontinuitySequence: manifest.discontinuitySequence || 0,
    ended: Boolean(manifest.endList),
    skipped,
    partTargetMs: ms(manifest.partTargetDuration || 0),
    canBlockReload: Boolean(manifest.serverControl && manifest.serverControl.canBlockReload),
    segments: manifest.segments.map((segment) => ({
      uri: segment.uri,
      ms: ms(segment.duration),
      map: segment.map ? segment.map.uri : null,
      discontinuity: Boolean(segment.discontinuity),
      time: segment.dateTimeObject ? segment.dateTimeObject.getTime() : null,
      parts: (segment.parts || []).map(part),
    })),
    inFlight: (ahead.parts || []).map(part),
    hint: (ahead.preloadHints || []).map((h) => h.uri),
    reports: (manifest.renditionReports || []).map((r) => ({ uri: r.uri, msn: r.lastMsn, part: r.lastPart ?? null })),
  };
}

const result = {};
for (const file of fs.readdirSync(process.argv[2]).filter((name) => name.endsWith('.m3u8'))) {
  const text = fs.readFileSync(path.join(process.argv[2], file), 'utf8');
  const complaints = [];
  let first = null;
  try {
    first = strict(text);
  } catch (e) {
    complaints.push(e.message);
  }
  result[file] = { strict: first, lenient: lenient(text, complaints), complaints };
}
console.log(JSON.stringify(result, null, 1));
