#!/usr/bin/env bash
# Installs the real publishers and players that the Maven profile "clients" drives (Debian 12 and
# its kin). Needs root, or sudo without a password.
set -euo pipefail

packages=(
  ffmpeg                                   # publisher and player
  chromium                                 # player: hls.js on the watch page
  vlc-bin vlc-plugin-base                  # player: cvlc
  mpv                                      # player
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
  gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav
                                           # publishers rtmp2sink and rtmpsink (librtmp), players
  obs-studio obs-plugins xvfb libgl1-mesa-dri # publisher: OBS on a virtual display
  rtmpdump                                 # librtmp's own program
  nginx libnginx-mod-rtmp                  # the other server of bench/ingest
)

run_as_root=()
if [ "$(id -u)" -ne 0 ]; then
  run_as_root=(sudo -n)
fi

export DEBIAN_FRONTEND=noninteractive
"${run_as_root[@]}" apt-get update -q
"${run_as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -q --no-install-recommends "${packages[@]}"
