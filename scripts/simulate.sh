#!/usr/bin/env bash
# Whole lives in a simulated world: `simulate.sh [--real|--flaws] [SEEDS [FIRST]]`.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh build rust >&2
cargo build -q -p belfry-tests --bin simulate
exec "$CARGO_TARGET_DIR/debug/simulate" "$@"
