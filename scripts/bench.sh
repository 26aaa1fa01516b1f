#!/usr/bin/env bash
# The budgets, measured on this machine in one run, printed beside what they should be.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh terminal rust
cargo build -q --release -p belfry-cli
cargo bench -q -p belfry-tests --bench budgets
scripts/session.sh python3 tests/bench/budgets.py "$CARGO_TARGET_DIR/release/belfry"
