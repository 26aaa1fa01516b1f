#!/usr/bin/env bash
# The budgets, measured on this machine in one run.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cargo build -q --release -p belfry-cli
cargo bench -q -p belfry-tests --bench budgets -- "$CARGO_TARGET_DIR/release/belfry"
