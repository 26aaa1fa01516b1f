#!/usr/bin/env bash
# Every calendar file of the corpora beside the checkout: read, or refused with a reason; five seconds each.
set -euo pipefail
. "$(dirname "$0")/env.sh"
corpora=${BELFRY_CORPORA:-../shared/ics}
if [ ! -d "$corpora" ]; then echo "No corpora at $corpora: skipped"; exit 0; fi
cargo run -q -p belfry-tests --bin corpus -- "$corpora"
