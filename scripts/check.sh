#!/usr/bin/env bash
# Formatting and lints.
set -euo pipefail
. "$(dirname "$0")/env.sh"
# Who fails says so, also where it was ended from outside and had no time to.
cargo fmt --check || { echo "cargo fmt ended with $?"; exit 1; }
cargo clippy -q --workspace --all-targets -- -D warnings || { echo "cargo clippy ended with $?"; exit 1; }
