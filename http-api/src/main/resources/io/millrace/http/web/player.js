'use strict';

/**
 * Plays one HLS address and heals what can be healed. Emits, as CustomEvents: "playable";
 * "levels"; "offline" (404), "starting" (503) and "trouble" (network), all retried by itself;
 * "ended" (call start() when the stream is back); "blocked" (play needs a gesture); "unsupported".
 */
class Player extends EventTarget {
  static AUTO = -1;
  static RETRY_MILLIS = 2000;
  static MEDIA_ERROR_WINDOW_MILLIS = 5000;
  static MAX_RELOADS = 15;
  static CALM_MILLIS = 30000;
  static MAX_CALM_MILLIS = 600000;

  constructor(video, url) {
    super();
    this.video = video;
    this.url = url;
    this.hls = null;
    this.retryTimer = 0;
    this.calmTimer = 0;
    this.calmMillis = Player.CALM_MILLIS;
    this.mediaErrorAt = -Infinity;
    this.counters = { stalls: 0, errors: 0, fatal: 0, mediaRecoveries: 0, restarts: 0, lastError: null };
    this.reloads = 0;
    this.ended = false;
    this.lowLatency = false;
    this.chosen = null;
    video.addEventListener('waiting', () => this.onWaiting());
    video.addEventListener('playing', () => this.onPlaying());
    video.addEventListener('ended', () => this.onEnded());
  }

  start() {
    clearTimeout(this.retryTimer);
    this.ended = false;
    if (window.Hls && Hls.isSupported()) this.startHls();
    else if (this.video.canPlayType('application/vnd.apple.mpegurl')) this.startNative();
    else this.emit('unsupported');
  }

  restartLater(millis = Player.RETRY_MILLIS) {
    clearTimeout(this.retryTimer);
    this.stop();
    this.retryTimer = setTimeout(() => {
      this.counters.restarts++;
      this.start();
    }, millis);
  }

  stop() {
    this.started = false;
    clearTimeout(this.calmTimer);
    if (this.hls) this.hls.destroy();
    this.hls = null;
  }

  startHls() {
    this.stop();
    this.reloads = 0;
    this.chosen = null;
    const retries = { maxNumRetry: 3, retryDelayMs: 1000, maxRetryDelayMs: 4000 };
    const hls = new Hls({
      abrController: Player.withUpwardsInTime(Hls.DefaultConfig.abrController),
      backBufferLength: 30,
      lowLatencyMode: true,
      liveDurationInfinity: true,
      manifestLoadPolicy: { default: {
        maxTimeToFirstByteMs: 15000, maxLoadTimeMs: 20000,
        timeoutRetry: null, errorRetry: null,
      } },
      playlistLoadPolicy: { default: {
        maxTimeToFirstByteMs: 10000, maxLoadTimeMs: 20000,
        timeoutRetry: retries, errorRetry: retries,
      } },
    });
    this.hls = hls;
    this.pace({ partTarget: 0 });
    hls.on(Hls.Events.LEVEL_LOADED, (name, data) => this.pace(data.details));
    hls.on(Hls.Events.LEVEL_UPDATED, (name, data) => this.takeChoice(data.details));
    hls.on(Hls.Events.MANIFEST_PARSED, () => { this.emit('levels'); this.play(); });
    hls.on(Hls.Events.LEVELS_UPDATED, () => this.emit('levels'));
    hls.on(Hls.Events.LEVEL_SWITCHED, () => this.emit('levels'));
    hls.on(Hls.Events.FRAG_BUFFERED, () => { this.reloads = 0; });
    hls.on(Hls.Events.ERROR, (name, data) => this.onHlsError(data));
    hls.loadSource(this.url);
    hls.attachMedia(this.video);
  }

  /**
   * With parts the playlist says how far behind to play; who is up to a target duration further behind
   * plays faster (hls.js does it no further), who is more behind jumps. Set on the running player,
   * where a distance in segments does not replace the playlist's own.
   */
  pace(details) {
    this.lowLatency = details.partTarget > 0;
    this.hls.config.maxLiveSyncPlaybackRate = this.lowLatency ? 1.25 : 1;
    this.hls.config.liveMaxLatencyDurationCount = this.lowLatency ? 1.5 : 8;
  }

  startNative() {
    this.video.src = this.url;
    this.video.onerror = () => { this.counters.errors++; this.emit('offline'); this.restartLater(); };
    this.play();
  }

  onHlsError(data) {
    if (data.details === Hls.ErrorDetails.BUFFER_STALLED_ERROR && !this.afterStall()) return;
    this.counters.errors++;
    this.counters.lastError = `${data.type}: ${data.details}`;
    if (!data.fatal) return;
    this.counters.fatal++;
    const status = data.response ? data.response.code : 0;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR) this.recoverMedia();
    else if (status === 404 || status === 410) this.giveUpFor('offline');
    else if (/^manifest/.test(data.details)) this.giveUpFor(status === 503 ? 'starting' : 'trouble');
    else this.reload();
  }

  /**
   * hls.js plays a second further behind after each stall, for good, and takes a slow start for one.
   * Here the start does not count, and quiet times take the seconds back, longer ones after each
   * stall. Returns whether it was a stall.
   */
  afterStall() {
    const moved = this.started && this.video.currentTime > this.startedAt + 0.5;
    if (!moved) {
      this.forgetStalls(Infinity);
      return false;
    }
    const wait = this.calmMillis;
    this.calmMillis = Math.min(2 * wait, Player.MAX_CALM_MILLIS);
    clearTimeout(this.calmTimer);
    this.calmTimer = setTimeout(() => this.forgetStalls(1), wait);
    return true;
  }

  /** There is no public way to it in hls.js 1.4. */
  forgetStalls(count) {
    const control = this.hls && this.hls.latencyController;
    if (!control) return;
    control.stallCount = Math.max(0, control.stallCount - count);
    if (control.stallCount > 0) {
      this.calmTimer = setTimeout(() => this.forgetStalls(1), this.calmMillis);
    }
  }

  /** The server does not answer now: what is buffered plays on while loading is tried again. */
  reload() {
    this.reloads++;
    if (this.reloads > Player.MAX_RELOADS) {
      this.giveUpFor('trouble');
      return;
    }
    if (this.video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) this.emit('trouble');
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => {
      if (this.hls) this.hls.startLoad();
    }, 1000);
  }

  giveUpFor(reason) {
    this.emit(reason);
    this.restartLater();
  }

  /** Once by recoverMediaError; a second error shortly after it needs a new player. */
  recoverMedia() {
    const now = performance.now();
    const again = now - this.mediaErrorAt < Player.MEDIA_ERROR_WINDOW_MILLIS;
    this.mediaErrorAt = now;
    this.counters.mediaRecoveries++;
    if (again) this.giveUpFor('trouble');
    else this.hls.recoverMediaError();
  }

  onPlaying() {
    if (!this.started) this.startedAt = this.video.currentTime;
    this.started = true;
    this.emit('playable');
  }

  onWaiting() {
    if (this.started && !this.video.paused && !this.video.seeking) this.counters.stalls++;
  }

  onEnded() {
    this.ended = true;
    this.stop();
    this.emit('ended');
  }

  /** Starts muted if the browser does not allow sound without a gesture. */
  async play() {
    try {
      await this.video.play();
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (error.name !== 'NotAllowedError') throw error;
      if (this.video.muted) {
        this.emit('blocked');
        return;
      }
      this.video.muted = true;
      await this.play();
    }
  }

  /**
   * From now on this level, AUTO: whichever the bandwidth allows. With parts what is buffered is kept for
   * it, as that is all the player has in hand, and the level begins with a segment.
   */
  choose(level) {
    if (!this.hls) return;
    if (!this.lowLatency) {
      this.hls.nextLevel = level;
      return;
    }
    this.chosen = level;
    const current = this.hls.levels[this.hls.loadLevel];
    if (current && current.details) this.takeChoice(current.details);
  }

  takeChoice(details) {
    const inTime = this.chosen === Player.AUTO || Player.isAtSegmentStart(details);
    if (this.chosen === null || !inTime) return;
    this.hls.loadLevel = this.chosen;
    this.chosen = null;
  }

  /**
   * hls.js begins a level with the keyframe before the end of what is buffered. All levels have one where
   * a segment starts; while the segment's first two parts are the newest it is ahead of the picture, which
   * is three parts behind.
   */
  static isAtSegmentStart(details) {
    const parts = details.partList;
    return !parts || parts.length === 0 || parts[parts.length - 1].index < 2;
  }

  /** Of hls.js, but goes up only where a segment starts; down, which may be urgent, at any time. */
  static withUpwardsInTime(AbrController) {
    return class extends AbrController {
      get nextAutoLevel() {
        const now = this.hls.loadLevel;
        const next = super.nextAutoLevel;
        const details = now >= 0 && this.hls.levels[now].details;
        return next > now && details && !Player.isAtSegmentStart(details) ? now : next;
      }

      set nextAutoLevel(level) {
        super.nextAutoLevel = level;
      }
    };
  }

  toLiveEdge() {
    const position = this.hls ? this.hls.liveSyncPosition : this.nativeEdge();
    if (position > 0) this.video.currentTime = position;
    this.play();
  }

  nativeEdge() {
    const ranges = this.video.seekable;
    return ranges.length > 0 ? ranges.end(ranges.length - 1) - 8 : 0;
  }

  /** Seconds behind the end of the playlist; 0 while unknown. */
  get latency() {
    return this.hls ? this.hls.latency || 0 : 0;
  }

  get atLiveEdge() {
    if (!this.hls || this.video.paused) return false;
    const target = this.hls.targetLatency || 12;
    return this.latency > 0 && this.latency < target + (this.lowLatency ? 1.5 : 4);
  }

  get levels() {
    return this.hls ? this.hls.levels.map((level, index) => ({
      index,
      name: Player.levelName(level),
      width: level.width,
      height: level.height,
      bitrate: level.bitrate,
      frameRate: level.attrs ? Number(level.attrs['FRAME-RATE']) || 0 : 0,
    })) : [];
  }

  static levelName(level) {
    const parts = new URL(level.url[0], location.href).pathname.split('/');
    return parts[parts.length - 2] || level.name || `${level.height}p`;
  }

  /** Everything a test or a curious person wants to know; plain JSON. */
  stats() {
    const quality = this.video.getVideoPlaybackQuality
      ? this.video.getVideoPlaybackQuality() : { droppedVideoFrames: 0, totalVideoFrames: 0 };
    const buffered = this.video.buffered;
    return {
      currentTime: this.video.currentTime,
      paused: this.video.paused,
      readyState: this.video.readyState,
      bufferedEnd: buffered.length > 0 ? buffered.end(buffered.length - 1) : 0,
      latency: this.latency,
      lowLatency: this.lowLatency,
      playbackRate: this.video.playbackRate,
      targetLatency: this.hls ? this.hls.targetLatency || 0 : 0,
      levels: this.levels,
      currentLevel: this.hls ? this.hls.currentLevel : -1,
      autoLevel: this.hls ? this.hls.autoLevelEnabled : true,
      videoWidth: this.video.videoWidth,
      videoHeight: this.video.videoHeight,
      droppedFrames: quality.droppedVideoFrames,
      decodedFrames: quality.totalVideoFrames,
      ...this.counters,
    };
  }

  emit(name) {
    this.dispatchEvent(new CustomEvent(name));
  }
}
