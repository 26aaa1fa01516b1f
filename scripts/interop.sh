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
peers="$BELFRY_CACHE/peers"
if ! cmp -s tests/interop/package.json "$peers/package.json" 2>/dev/null; then
    echo "Installing the foreign servers"
    mkdir -p "$peers" && cp tests/interop/package.json "$peers/" && (cd "$peers" && npm install --silent --no-fund --no-audit) || { rm -f "$peers/package.json"; exit 1; }
fi
echo "-- oidc_provider"
timeout 300 scripts/session.sh node tests/interop/oidc_provider.mjs "$CARGO_TARGET_DIR/debug/belfry" "$peers/node_modules" || failed=1
echo "-- msal_verdicts"
timeout 300 node tests/interop/msal_verdicts.mjs "$peers/node_modules" || failed=1
exit $failed
