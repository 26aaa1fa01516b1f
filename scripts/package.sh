#!/usr/bin/env bash
# A .deb and an .rpm of the desktop app and the command; the .deb is looked into.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh build rust node
packages=$CARGO_TARGET_DIR/release/bundle
(cd ui && npm ci --silent --no-fund --no-audit)
# What is downloaded by many may take longer to build than what `make run` starts.
export CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1
cargo build -q --release -p belfry-cli
cli="$BELFRY_CACHE/tauri-cli"
[ -x "$cli/node_modules/.bin/tauri" ] || { echo "Installing the packager"; npm install --silent --no-fund --no-audit --prefix "$cli" @tauri-apps/cli@2.12.5; }
"$cli/node_modules/.bin/tauri" build --bundles deb,rpm --config "{\"bundle\":{\"linux\":{\"deb\":{\"files\":{\"/usr/bin/belfry\":\"$CARGO_TARGET_DIR/release/belfry\"}},\"rpm\":{\"compression\":{\"type\":\"xz\",\"level\":9},\"files\":{\"/usr/bin/belfry\":\"$CARGO_TARGET_DIR/release/belfry\"}}}}}"
# What the packager packs with gzip is half as large with xz.
if command -v dpkg-deb > /dev/null; then
    for deb in "$packages"/deb/*.deb; do
        tree=$(mktemp -d)
        dpkg-deb -R "$deb" "$tree/belfry"
        dpkg-deb --root-owner-group -Zxz -z9 -b "$tree/belfry" "$deb" > /dev/null
        rm -rf "$tree"
    done
fi
ls -l "$packages"/deb/*.deb "$packages"/rpm/*.rpm | awk '{printf "%.1f MB  %s\n", $5 / 1e6, $9}'
