'use strict';

(() => {
  const REFRESH_MILLIS = 2000;
  const PICTURE_MILLIS = 4000;

  const el = (id) => document.getElementById(id);
  const cards = new Map();
  let timer = 0;

  async function getJson(url) {
    const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return response.json();
  }

  function show(element, visible) {
    element.hidden = !visible;
  }

  function makeCard(id) {
    const root = el('card').content.firstElementChild.cloneNode(true);
    const part = (name) => root.querySelector(`[data-${name}]`);
    for (const link of root.querySelectorAll('[data-link]')) {
      link.href = `/watch/${encodeURIComponent(id)}`;
    }
    part('name').textContent = id;
    root.querySelector('.shot').setAttribute('aria-label', `Watch ${id}`);
    const thumb = part('thumb');
    thumb.addEventListener('load', () => { show(thumb, true); show(part('nothumb'), false); });
    thumb.addEventListener('error', () => { show(thumb, false); show(part('nothumb'), true); });
    return { root, part, pictureAt: 0 };
  }

  function fillRungs(list, renditions) {
    list.replaceChildren(...renditions.map((rendition) => {
      const item = document.createElement('li');
      item.textContent = rendition.name;
      item.dataset.state = rendition.state;
      item.title = [rendition.state, format.size(rendition.width, rendition.height),
        format.bitrate(rendition.bandwidthBps)].filter(Boolean).join(', ');
      return item;
    }));
  }

  function refreshPicture(card, stream) {
    const now = Date.now();
    if (stream.state === 'ended' || now - card.pictureAt < PICTURE_MILLIS) return;
    card.pictureAt = now;
    const url = `/api/v1/streams/${encodeURIComponent(stream.id)}/thumbnail.jpg`;
    card.part('thumb').src = `${url}?t=${Math.floor(now / PICTURE_MILLIS)}`;
  }

  function fill(card, stream) {
    const badge = card.part('state');
    badge.textContent = format.state(stream);
    badge.dataset.state = stream.state;
    card.root.dataset.state = stream.state;
    const started = stream.startedAt ? Date.now() - Date.parse(stream.startedAt) : NaN;
    card.part('uptime').textContent = started >= 0 ? format.duration(started) : '';
    show(card.part('uptime'), started >= 0);
    card.part('viewers').textContent = format.count(stream.viewers, 'viewer', 'viewers');
    card.part('facts').textContent = format.facts(stream) || 'Waiting for the first picture';
    fillRungs(card.part('rungs'), stream.renditions);
    const note = stream.notices.length > 0 ? stream.notices[0].text : '';
    card.part('note').textContent = note;
    show(card.part('note'), note !== '');
    refreshPicture(card, stream);
  }

  function render(streams) {
    const order = { live: 0, reconnecting: 1, ended: 2 };
    const sorted = [...streams].sort((a, b) =>
      (order[a.state] - order[b.state]) || a.id.localeCompare(b.id));
    const ids = new Set(sorted.map((stream) => stream.id));
    for (const [id, card] of cards) {
      if (!ids.has(id)) {
        card.root.remove();
        cards.delete(id);
      }
    }
    sorted.forEach((stream, index) => {
      if (!cards.has(stream.id)) cards.set(stream.id, makeCard(stream.id));
      const card = cards.get(stream.id);
      fill(card, stream);
      const grid = el('streams');
      if (grid.children[index] !== card.root) grid.insertBefore(card.root, grid.children[index] || null);
    });
    show(el('empty'), streams.length === 0);
    summarize(streams);
  }

  function summarize(streams) {
    const live = streams.filter((stream) => stream.state === 'live').length;
    const viewers = streams.reduce((sum, stream) => sum + stream.viewers, 0);
    el('summary').textContent = streams.length === 0 ? 'No streams'
      : `${format.count(live, 'stream', 'streams')} live · ${format.count(viewers, 'viewer', 'viewers')}`;
    document.title = live > 0 ? `Millrace · ${live} live` : 'Millrace';
  }

  function nodeState(member) {
    if (!member.reachable) return 'away';
    if (member.load && member.load.draining) return 'draining';
    return member.status === 'up' ? 'up' : 'changing';
  }

  function nodeTexts(member) {
    const state = nodeState(member);
    if (state === 'away') return ['cannot be reached'];
    const load = member.load;
    if (!load) return [member.status];
    const texts = [format.count(load.streams, 'stream', 'streams'), format.count(load.viewers, 'viewer', 'viewers'),
      `${load.coresFree.toFixed(1)} of ${load.cores.toFixed(0)} cores free`];
    return state === 'up' ? texts : [state, ...texts];
  }

  /** The strip of nodes; only where there is more than this one. */
  function renderNodes(cluster) {
    const list = el('nodes');
    show(list, cluster.mode === 'cluster');
    list.replaceChildren(...cluster.members.map((member) => {
      const item = document.createElement('li');
      item.dataset.state = nodeState(member);
      item.title = [member.address, member.roles.join(', '), member.name === cluster.node ? 'this node' : '']
        .filter(Boolean).join(' · ');
      const name = document.createElement('b');
      name.textContent = member.name || member.address;
      const facts = document.createElement('span');
      facts.textContent = nodeTexts(member).join(' · ');
      item.replaceChildren(name, facts);
      return item;
    }));
  }

  async function refresh() {
    try {
      const [streams, cluster] = await Promise.all([getJson('/api/v1/streams'), getJson('/api/v1/cluster')]);
      render(streams.streams);
      renderNodes(cluster);
      show(el('offline'), false);
    } catch (error) {
      console.warn('refresh failed:', error.message);
      show(el('offline'), true);
    }
    schedule();
  }

  function schedule() {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(refresh, REFRESH_MILLIS);
  }

  function publishTexts(node) {
    const port = node.rtmpPort === 1935 ? '' : `:${node.rtmpPort}`;
    const server = `rtmp://${location.hostname}${port}/live`;
    return {
      server,
      ffmpeg: `ffmpeg -re -i FILE -c:v libx264 -g 60 -c:a aac -f flv ${server}/KEY`,
    };
  }

  /** Breaks lines between words only, never after the dash of an option. */
  function words(text) {
    return text.split(' ').flatMap((word, index) => {
      const span = document.createElement('span');
      span.textContent = word;
      span.className = word.length > 24 ? 'long' : '';
      return index === 0 ? [span] : [' ', span];
    });
  }

  async function describeNode() {
    const node = await getJson('/api/v1/node');
    const about = `node ${node.name} · Millrace ${node.version}`;
    if (node.rtmpPort === 0) {
      show(el('recipe'), false);
      el('how').textContent = 'This node takes no broadcasters. Publish to another one; the stream shows up here within seconds.';
      el('foot').textContent = about;
      return;
    }
    const texts = publishTexts(node);
    for (const code of document.querySelectorAll('[data-publish]')) {
      code.replaceChildren(...words(texts[code.dataset.publish]));
    }
    for (const button of document.querySelectorAll('[data-copy]')) {
      button.hidden = !navigator.clipboard;
      button.addEventListener('click', () => copy(button, texts[button.dataset.copy]));
    }
    el('foot').textContent = `Publish to ${texts.server}/KEY · ${about}`;
  }

  async function copy(button, text) {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : refresh()));
  describeNode().catch((error) => console.warn('node unknown:', error.message));
  refresh();
})();
