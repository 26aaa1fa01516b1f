#!/usr/bin/env bash
# `make test`: every part is timed, counted, and none hides another's failure. Closes with `N passed, N failed, N skipped`.
set -uo pipefail
. "$(dirname "$0")/env.sh"
passed=0 failed=0 skipped=0 broken=0
times=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Runs a part; adds up the closing lines that its output has.
part() {
    local name=$1 begun=$SECONDS
    shift
    echo; echo "=== $name"
    "$@" 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]}
    count "$status"
    times+=("$(printf '%3d min %02d s  %s' $(((SECONDS - begun) / 60)) $(((SECONDS - begun) % 60)) "$name")")
}

count() {
    local clean p f s
    clean=$(sed -E 's/\x1b\[[0-9;]*m//g' "$log")
    # nextest: "Summary [..] 43 tests run: 43 passed, 0 skipped"; vitest: "Tests  3 passed (3)"; ours: "3 passed, 0 failed, 1 skipped".
    p=$(echo "$clean" | grep -E 'Summary \[|^ +Tests +|^[0-9]+ passed, [0-9]+ failed' | grep -oE '[0-9]+ passed' | awk '{n += $1} END {print n + 0}')
    f=$(echo "$clean" | grep -E 'Summary \[|^ +Tests +|^[0-9]+ passed, [0-9]+ failed' | grep -oE '[0-9]+ failed' | awk '{n += $1} END {print n + 0}')
    s=$(echo "$clean" | grep -E '^[0-9]+ passed, [0-9]+ failed|^ +Tests +' | grep -oE '[0-9]+ skipped' | awk '{n += $1} END {print n + 0}')
    passed=$((passed + p)); failed=$((failed + f)); skipped=$((skipped + s))
    if [ "$1" != 0 ] && [ "$f" = 0 ]; then failed=$((failed + 1)); fi
    [ "$1" = 0 ] || broken=1
}

rust_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --workspace --no-fail-fast --status-level fail --final-status-level fail
    else
        cargo test --workspace --no-fail-fast -q 2>&1 | awk '/^test result/ {p += $4; f += $6; s += $8} {print} END {printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0}'
    fi
}

corpus() { scripts/corpus.sh; }

ui_tests() {
    (cd ui && npm ci --silent --no-fund --no-audit && npm run -s check && npx vitest run && npm run -s build)
}

if command -v apt-get >/dev/null; then everything=1; else everything=0; echo "Not Debian or Ubuntu: the parts with a real browser, keychain and window are left out."; fi
part "set-up" scripts/setup.sh rust node $([ $everything = 1 ] && echo build test)
[ -d ui/src ] && part "the window's own checks and tests" ui_tests
[ $everything = 1 ] && [ -d ui/src ] && part "the window, by axe and by keyboard" bash -c "cd ui && node walks/accessible.mjs"
[ $everything = 1 ] && [ -d ui/src ] && part "the window, beside its pictures" bash -c "cd ui && node walks/pictures.mjs"
part "formatting and lints" scripts/check.sh
part "build" cargo build -q --workspace $([ -d ui/dist ] && echo --features tauri/custom-protocol)
export BELFRY_TEST_KEYCHAIN=1
part "Rust tests, with a real keychain" scripts/session.sh bash -c "$(declare -f rust_tests); rust_tests"
part "whole lives in a simulated world" scripts/simulate.sh 2000
part "the same lives twice" scripts/simulate.sh --twice 100
part "whole lives over sockets and disks" scripts/simulate.sh --real 20
part "one reminder's way in the terminal" scripts/session.sh scripts/terminal-job.sh "$CARGO_TARGET_DIR/debug/belfry"
part "the keychain in its bad states" scripts/keychain-test.sh
part "corpora" corpus
[ $everything = 1 ] && [ -f tests/interop/requirements.txt ] && part "foreign clients" scripts/interop.sh
[ $everything = 1 ] && [ -f scripts/desktop-test.sh ] && part "the window, with real parts" scripts/desktop-test.sh

echo; echo "=== time"
printf '%s\n' "${times[@]}"
printf '%3d min %02d s  in all\n' $((SECONDS / 60)) $((SECONDS % 60))
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$broken" = 0 ]
