'use strict';

(() => {
  const STREAM_MILLIS = 2000;
  const IDLE_MILLIS = 3000;

  const el = (id) => document.getElementById(id);
  const id = decodeURIComponent(location.pathname.split('/')[2]);
  const path = `/hls/${encodeURIComponent(id)}/index.m3u8`;
  const video = el('video');
  const player = new Player(video, path);
  let idleTimer = 0;
  let lease = null;

  window.millrace = {
    get hls() { return player.hls; },
    video,
    stats: () => player.stats(),
    choose: (level) => player.choose(level),
  };

  // What the viewer sees instead of, or above, the picture.

  function curtain(view, title, text) {
    el('player').dataset.view = view;
    el('curtain-title').textContent = title;
    el('curtain-text').textContent = text || '';
  }

  function toast(text) {
    el('toast').textContent = text;
    el('toast').hidden = text === '';
  }

  player.addEventListener('playable', () => {
    el('player').dataset.view = 'playing';
    el('bigplay').hidden = true;
    el('unmute').hidden = !video.muted;
  });
  player.addEventListener('offline', () =>
    curtain('waiting', `${id} is offline`, 'Waiting for the broadcast. It starts here by itself.'));
  player.addEventListener('starting', () =>
    curtain('waiting', 'Almost there', 'The broadcast has begun; the first pictures are on their way.'));
  player.addEventListener('trouble', () =>
    curtain('waiting', 'Connection lost', 'Trying again…'));
  player.addEventListener('ended', () =>
    curtain('done', 'The broadcast has ended', 'If it comes back, it starts here by itself.'));
  player.addEventListener('unsupported', () =>
    curtain('done', 'This browser cannot play HLS', 'Use the address below in another player.'));
  player.addEventListener('blocked', () => {
    el('player').dataset.view = 'playing';
    el('bigplay').hidden = false;
  });
  player.addEventListener('levels', fillQuality);

  // Quality menu.

  function fillQuality() {
    const menu = el('quality');
    const manual = player.hls && !player.hls.autoLevelEnabled ? player.hls.currentLevel : Player.AUTO;
    const playing = player.levels.find((level) => level.index === player.hls.currentLevel);
    const options = [option(Player.AUTO, playing ? `Auto (${playing.name})` : 'Auto')];
    for (const level of [...player.levels].sort((a, b) => b.height - a.height || b.bitrate - a.bitrate)) {
      options.push(option(level.index, qualityText(level)));
    }
    menu.replaceChildren(...options);
    menu.value = String(player.chosen ?? manual);
    menu.disabled = options.length < 2;
  }

  function qualityText(level) {
    const lines = Math.min(level.width, level.height);
    const size = lines > 0 && level.name !== `${lines}p` ? `${level.name} ${lines}p` : level.name;
    return `${size}${level.frameRate > 31 ? Math.round(level.frameRate) : ''}`;
  }

  function option(value, text) {
    const item = document.createElement('option');
    item.value = String(value);
    item.textContent = text;
    return item;
  }

  el('quality').addEventListener('change', (event) => {
    player.choose(Number(event.target.value));
  });

  // Buttons.

  function togglePlay() {
    if (video.paused) player.play();
    else video.pause();
  }

  function toggleMute() {
    video.muted = !video.muted;
    if (!video.muted && video.volume === 0) video.volume = 0.5;
  }

  function toggleFullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (el('player').requestFullscreen) el('player').requestFullscreen();
    else if (video.webkitEnterFullscreen) video.webkitEnterFullscreen();
  }

  el('play').addEventListener('click', togglePlay);
  el('bigplay').addEventListener('click', togglePlay);
  el('mute').addEventListener('click', toggleMute);
  el('unmute').addEventListener('click', toggleMute);
  el('fullscreen').addEventListener('click', toggleFullscreen);
  el('live').addEventListener('click', () => player.toLiveEdge());
  el('volume').addEventListener('input', (event) => {
    video.volume = Number(event.target.value);
    video.muted = video.volume === 0;
  });
  video.addEventListener('click', () => (matchMedia('(hover: hover)').matches ? togglePlay() : wake()));
  video.addEventListener('dblclick', toggleFullscreen);
  document.addEventListener('keydown', (event) => {
    if (/INPUT|SELECT|BUTTON|SUMMARY/.test(event.target.tagName) || event.ctrlKey || event.metaKey) return;
    const action = { ' ': togglePlay, k: togglePlay, m: toggleMute, f: toggleFullscreen,
      l: () => player.toLiveEdge() }[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });

  function showButtons() {
    el('play').dataset.on = String(!video.paused);
    el('play').setAttribute('aria-label', video.paused ? 'Play' : 'Pause');
    el('mute').dataset.on = String(!video.muted);
    el('mute').setAttribute('aria-label', video.muted ? 'Unmute' : 'Mute');
    el('volume').value = String(video.muted ? 0 : video.volume);
    el('unmute').hidden = !video.muted || el('player').dataset.view !== 'playing' || video.paused;
  }

  for (const name of ['play', 'pause', 'volumechange', 'playing']) {
    video.addEventListener(name, showButtons);
  }

  function wake() {
    el('player').dataset.idle = 'false';
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => { el('player').dataset.idle = String(!video.paused); }, IDLE_MILLIS);
  }

  el('player').addEventListener('pointermove', wake);
  el('player').addEventListener('focusin', wake);

  // Numbers.

  function showEdge() {
    const edge = player.atLiveEdge;
    el('live').dataset.edge = String(edge);
    el('latency').textContent = player.latency > 0 ? `${player.latency.toFixed(1)} s behind` : '';
    el('latency').title = player.lowLatency ? 'Low latency' : '';
  }

  function number(name, value) {
    const box = document.createElement('div');
    const term = document.createElement('dt');
    const text = document.createElement('dd');
    term.textContent = name;
    text.textContent = value;
    box.append(term, text);
    return box;
  }

  function describe(stream) {
    const badge = el('state');
    badge.hidden = false;
    badge.textContent = format.state(stream);
    badge.dataset.state = stream.state;
    el('facts').textContent = format.facts(stream);
    const uptime = stream.startedAt ? Date.now() - Date.parse(stream.startedAt) : 0;
    const stats = player.stats();
    el('numbers').replaceChildren(
      number('Viewers', String(stream.viewers)),
      number('On air', format.duration(uptime)),
      number('Behind live', stats.latency > 0 ? `${stats.latency.toFixed(1)} s` : '–'),
      number('Showing', format.size(stats.videoWidth, stats.videoHeight) || '–'),
      number('Dropped frames', `${stats.droppedFrames} of ${stats.decodedFrames}`));
    startAfterEnd(stream);
    toast(stream.state === 'reconnecting'
      ? 'The broadcaster lost the connection. We will go on when it is back.' : '');
  }

  /** A new publish has a new lease; the old one may look live for a moment after its end. */
  function startAfterEnd(stream) {
    const current = `${stream.session} ${stream.startedAt}`;
    if (!player.ended) lease = current;
    else if (stream.state === 'live' && current !== lease) player.start();
  }

  function gone() {
    lease = null;
    el('state').hidden = true;
    el('facts').textContent = '';
    el('numbers').replaceChildren();
    toast('');
  }

  async function refresh() {
    try {
      const response = await fetch(`/api/v1/streams/${encodeURIComponent(id)}`,
        { cache: 'no-store', signal: AbortSignal.timeout(5000) });
      if (response.ok) describe(await response.json());
      else if (response.status === 404) gone();
    } catch (error) {
      console.warn('refresh failed:', error.message);
    }
    setTimeout(refresh, STREAM_MILLIS);
  }

  document.title = `${id} · Millrace`;
  el('name').textContent = id;
  el('address').textContent = new URL(path, location.href).href;
  curtain('waiting', 'Connecting', '');
  showButtons();
  wake();
  setInterval(showEdge, 500);
  refresh();
  player.start();
})();
