#!/usr/bin/env bash
# Installs the real publishers and players that the Maven profile "clients" drives (Debian 12 and its kin),
# and from npm those without a package of Debian. Needs root, or sudo without a password, unless all packages
# are installed.
set -euo pipefail

packages=(
  ffmpeg                                   # publisher and player
  chromium                                 # player: hls.js on the watch page
  vlc-bin vlc-plugin-base                  # player: cvlc
  mpv                                      # player
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
  gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav
                                           # publishers rtmp2sink and rtmpsink (librtmp), players
  obs-studio obs-plugins xvfb libegl1 libgl1-mesa-dri
                                           # publisher: OBS on a virtual display
  nginx libnginx-mod-rtmp                  # cache of conf/cdn; the other server of bench/ingest
  varnish                                  # cache of conf/cdn
  prometheus                               # promtool checks conf/prometheus
  curl openssl                             # HTTP/2 over TLS
)

# shaka-player and two playlist parsers, in the versions of players/package-lock.json.
players="$(dirname "${BASH_SOURCE[0]}")/players"
command -v npm >/dev/null || packages+=(nodejs npm)

install_players() {
  npm ci --prefix "$players" --no-audit --no-fund --loglevel=error
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
if [ "${#missing[@]}" -eq 0 ]; then
  install_players
  echo "all clients are installed"
  exit 0
fi

run_as_root=()
if [ "$(id -u)" -ne 0 ]; then
  run_as_root=(sudo -n)
fi

"${run_as_root[@]}" apt-get update -q
"${run_as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -q --no-install-recommends "${missing[@]}"

install_players
