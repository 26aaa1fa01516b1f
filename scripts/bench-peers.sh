#!/usr/bin/env bash
# Belfry beside vdirsyncer (with Radicale) and caldir, on this machine in one run. The others are installed once, into the cache.
# Takes a quarter of an hour, most of it Radicale's.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh terminal test rust
cargo build -q --release -p belfry-cli
peers="$BELFRY_CACHE/peers"
python_pins="vdirsyncer==0.21.0 radicale==3.9.0"
rust_pins="caldir-cli@0.14.9 caldir-provider-caldav@0.3.6"

# install PINS FOLDER COMMAND...: once for these pins; otherwise says in one line why not.
install() {
    local pins=$1 folder=$2 why
    [ "$(cat "$folder/pins.txt" 2>/dev/null)" = "$pins" ] && return 0
    echo "Installing $pins"
    mkdir -p "$folder"
    if why=$("${@:3}" 2>&1); then
        echo "$pins" >"$folder/pins.txt"
    else
        rm -rf "$folder"
        echo "${pins%%[-=]*}: not installable here ($(tail -n 1 <<<"$why"))"
        return 1
    fi
}

python_peers() {
    python3 -m venv "$peers/venv" && "$peers/venv/bin/pip" install -q $python_pins
}

# Built in a folder of its own: the target folder is Belfry's. One by one: given several, cargo builds the rest when one fails.
rust_peers() {
    local pin
    for pin in $rust_pins; do
        env -u CARGO_TARGET_DIR cargo install -q --locked --root "$peers/caldir" "$pin" || return 1
    done
}

if install "$python_pins" "$peers/venv" python_peers; then
    install "$rust_pins" "$peers/caldir" rust_peers || true
else
    peers=
fi
scripts/session.sh python3 tests/bench/peers.py "$CARGO_TARGET_DIR/release/belfry" ${peers:+"$peers"}
