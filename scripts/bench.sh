#!/usr/bin/env bash
# The budgets, measured on this machine in one run, printed beside what they should be. `make package` first, if the packages are to be weighed.
set -uo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh build test rust node
release="$CARGO_TARGET_DIR/release"
cargo build -q --release -p belfry-cli || exit 1
cargo bench -q -p belfry-tests --bench budgets
cargo bench -q -p belfry-tests --bench growth
scripts/session.sh python3 tests/bench/budgets.py "$release/belfry"
scripts/session.sh python3 tests/bench/watching.py "$release/belfry" 2>/dev/null
[ -d ui/dist ] || (cd ui && npm ci --silent --no-fund --no-audit && npm run -s build)
cargo build -q --release -p belfry-desktop --features tauri/custom-protocol || exit 1
. scripts/venv.sh
# With somebody who shows tray icons: without, a window that is closed is made small only.
GDK_BACKEND=x11 NO_AT_BRIDGE=1 xvfb-run -a -s "-screen 0 1280x800x24" scripts/session.sh bash -c 'openbox & "$0" tests/desktop/tray.py & python3 tests/bench/desktop.py "$@"; kill %1 %2' "$venv/bin/python" "$release/belfry-desktop" "$release/belfry" 2>/dev/null
for package in "$release"/bundle/deb/*.deb; do
    [ -f "$package" ] && printf '%-58s  %9s MB  budget < 12 MB\n' "package $(basename "$package")" "$(awk -v size="$(stat -c %s "$package")" 'BEGIN {printf "%.1f", size / 1e6}')"
done
