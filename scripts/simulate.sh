#!/usr/bin/env bash
# Whole lives in a simulated world: `simulate.sh [--real|--flaws] [SEEDS [FIRST]]`.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh build rust >&2
# A build that runs three times as fast takes minutes: worth it for many.
seeds=$1
case $seeds in --*) seeds=${2:-0} ;; esac
if [ "$seeds" -gt 10000 ]; then
    cargo build -q --profile lives -p belfry-tests --bin simulate
    exec "$CARGO_TARGET_DIR/lives/simulate" "$@"
fi
cargo build -q -p belfry-tests --bin simulate
exec "$CARGO_TARGET_DIR/debug/simulate" "$@"
