#!/usr/bin/env bash
# `make run`: what is missing is installed, Belfry is built and started.
set -euo pipefail
. "$(dirname "$0")/env.sh"

if has_display; then
    scripts/setup.sh build rust node
    export PATH="$HOME/.cargo/bin:$BELFRY_CACHE/node/node_modules/.bin:$PATH"
    echo "Building the window"
    (cd ui && npm ci --silent --no-fund --no-audit && npm run -s build)
    echo "Building Belfry (the first time takes some minutes)"
    cargo build -q --release -p belfry-cli
    cargo build -q --release -p belfry-desktop --features tauri/custom-protocol
    exec "$CARGO_TARGET_DIR/release/belfry-desktop"
fi

echo "No display: Belfry does its job in the terminal."
scripts/setup.sh terminal rust
export PATH="$HOME/.cargo/bin:$PATH"
echo "Building Belfry (the first time takes some minutes)"
cargo build -q -p belfry-cli
exec scripts/session.sh scripts/terminal-job.sh "$CARGO_TARGET_DIR/debug/belfry"
