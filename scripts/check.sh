#!/usr/bin/env bash
# Formatting and lints.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cargo fmt --check
cargo clippy -q --workspace --all-targets -- -D warnings
