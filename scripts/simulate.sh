#!/usr/bin/env bash
# Whole lives in a simulated world: `simulate.sh [--real|--twice|--flaws] [SEEDS [FIRST]]`, `simulate.sh --play|--tell SEED|JSON`.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh build rust >&2
# A build that runs three times as fast takes minutes: worth it for many.
case $1 in
--play | --tell) seeds=0 ;;
--*) seeds=${2:-0} ;;
*) seeds=$1 ;;
esac
if [ "$seeds" -gt 10000 ]; then
    cargo build -q --profile lives -p belfry-tests --bin simulate
    exec "$CARGO_TARGET_DIR/lives/simulate" "$@"
fi
cargo build -q -p belfry-tests --bin simulate
exec "$CARGO_TARGET_DIR/debug/simulate" "$@"
