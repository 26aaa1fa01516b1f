#!/usr/bin/env bash
# Pictures of every screen and state of the window into docs/pictures, over the fake: made anew, what is of no use any more goes.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh test node
cd ui
npm ci --silent --no-fund --no-audit
node walks/pictures.mjs --write "$@"
