#!/usr/bin/env bash
# Kills the real program at so many random moments: `simulate-kill.sh [ROUNDS]`.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh build rust test >&2
cargo build -q -p belfry-cli
export BELFRY_TEST_KEYCHAIN=1 BELFRY_KILLS="${1:-200}"
exec scripts/session.sh cargo test -q -p belfry-tests --test all kill -- --nocapture
