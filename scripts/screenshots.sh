#!/usr/bin/env bash
# Pictures of the real window into docs/pictures.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh build test rust node
(cd ui && npm ci --silent --no-fund --no-audit && npm run -s build)
cargo build -q -p belfry-cli -p belfry-desktop --features tauri/custom-protocol
scripts/desktop-test.sh docs/pictures
