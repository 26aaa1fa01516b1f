#!/usr/bin/env bash
# Runs a command in a session of its own: private folders, its own bus, an unlocked keychain that is gone afterwards.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$home/run" "$home/data" "$home/config"
chmod 700 "$home/run"
export XDG_RUNTIME_DIR="$home/run" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config"
unset DBUS_SESSION_BUS_ADDRESS
# The keychain has to be unlocked before anything asks for it, or the bus starts one without a collection.
dbus-run-session -- bash -c '
    echo -n practice | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
    "$@"
' session "$@"
