#!/usr/bin/env bash
# Foreign clients against our simulator, and our client against foreign servers. Each prints a closing line `N passed, N failed, N skipped`.
set -uo pipefail
. "$(dirname "$0")/env.sh"
. scripts/venv.sh
failed=0
belfry="$CARGO_TARGET_DIR/debug/belfry"
peers="$BELFRY_CACHE/peers"
if ! cmp -s tests/interop/package.json "$peers/package.json" 2>/dev/null; then
    echo "Installing the foreign servers"
    mkdir -p "$peers" && cp tests/interop/package.json "$peers/" && (cd "$peers" && npm install --silent --no-fund --no-audit) || { rm -f "$peers/package.json"; exit 1; }
fi
for script in msal_python.py msgraph_python.py schema_check.py msal_node.mjs; do
    home=$(mktemp -d)
    "$belfry" --home "$home" practice >"$home/addresses.json" 2>/dev/null &
    practice=$!
    for _ in $(seq 100); do [ -s "$home/addresses.json" ] && break; sleep 0.1; done
    echo "-- $script"
    case $script in
        *.mjs) client=(node "tests/interop/$script" "$home/addresses.json" "$peers/node_modules") ;;
        *) client=("$venv/bin/python" "tests/interop/$script" "$home/addresses.json" ../shared/graph/calendar.schema.json) ;;
    esac
    timeout 300 "${client[@]}" || failed=1
    kill "$practice" 2>/dev/null; wait "$practice" 2>/dev/null
    rm -rf "$home"
done
for script in oidc_provider oauth2_mock; do
    echo "-- $script"
    timeout 300 scripts/session.sh node "tests/interop/$script.mjs" "$belfry" "$peers/node_modules" || failed=1
done
echo "-- msal_verdicts"
timeout 300 node tests/interop/msal_verdicts.mjs "$peers/node_modules" || failed=1
exit $failed
