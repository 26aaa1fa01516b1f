#!/usr/bin/env bash
# Fuzzes the readers of foreign bytes: `fuzz.sh [TARGET [SECONDS]]`, all of them for a minute each by default. What breaks one is left in tests/fuzz/artifacts; put it
# into tests/fuzz/corpus/TARGET once it is mended, and every `make test` tries it again.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/setup.sh build rust fuzz
export PATH="$BELFRY_CACHE/tools/bin:$PATH"
targets=${1:-$(grep -oP '^name = "\K[a-z_]+(?=")' tests/fuzz/Cargo.toml)}
cd tests/fuzz
for target in $targets; do
    found="$BELFRY_CACHE/fuzz/$target"
    mkdir -p "$found"
    echo "-- $target"
    # What is found goes into the cache; the saved corpus is read only. Leaks are not looked for: the runtime of a check ends with it.
    ASAN_OPTIONS=detect_leaks=0 cargo +nightly fuzz run --fuzz-dir . --target-dir "$CARGO_TARGET_DIR/fuzz" "$target" "$found" "corpus/$target" -- \
        -max_total_time="${2:-60}" -dict="$target.dict" -max_len=8192 -detect_leaks=0 -timeout=20 -print_final_stats=1 2>&1 | grep -E '^==.*ERROR|panicked|^SUMMARY|^Done|^stat::(number_of_executed|average_exec)|Test unit|^error' || true
    test -z "$(ls artifacts/"$target" 2>/dev/null)" || { echo "$target does not hold: tests/fuzz/artifacts/$target"; exit 1; }
done
