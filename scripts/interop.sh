#!/usr/bin/env bash
# Foreign clients against our simulator. Prints a closing line `N passed, N failed, N skipped` for each.
set -uo pipefail
. "$(dirname "$0")/env.sh"
. scripts/venv.sh
failed=0
for script in msal_python msgraph_python schema_check; do
    home=$(mktemp -d)
    "$CARGO_TARGET_DIR/debug/belfry" --home "$home" practice >"$home/addresses.json" 2>/dev/null &
    practice=$!
    for _ in $(seq 100); do [ -s "$home/addresses.json" ] && break; sleep 0.1; done
    echo "-- $script"
    timeout 300 "$venv/bin/python" "tests/interop/$script.py" "$home/addresses.json" ../shared/graph/calendar.schema.json || failed=1
    kill "$practice" 2>/dev/null; wait "$practice" 2>/dev/null
    rm -rf "$home"
done
exit $failed
