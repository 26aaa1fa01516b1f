#!/usr/bin/env bash
# The calendar files of the corpora beside the checkout: read and written again, compared with the saved tally; each series against another reader and against Graph's own expansion;
# each zone over ten years; each file through Outlook to another computer. `corpus.sh --save` saves the tally.
set -euo pipefail
. "$(dirname "$0")/env.sh"
corpora=${BELFRY_CORPORA:-../shared/ics}
failed=0
cargo build -q -p belfry-tests --bins
bin="$CARGO_TARGET_DIR/debug"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
echo "-- zones"
"$bin/zones" || failed=1
if [ ! -d "$corpora" ]; then echo "No corpora at $corpora: only the rules that come with the tests"; corpora=; fi
echo "-- recurrence"
. scripts/venv.sh
"$bin/recurrence" $corpora >"$out/series.jsonl"
"$venv/bin/python" tests/interop/recurrence.py "$out/series.jsonl" || failed=1
[ -n "$corpora" ] || exit $failed
echo "-- files"
mkdir "$out/exports"
"$bin/corpus" "$corpora" "$out/exports" | tee "$out/tally.txt" || failed=1
if [ "${1:-}" = --save ]; then cp "$out/tally.txt" tests/corpus-tally.txt; fi
if diff tests/corpus-tally.txt "$out/tally.txt"; then echo "as the saved tally"; else failed=1; fi
echo "-- other readers"
"$venv/bin/python" tests/interop/calendar_readers.py "$out/exports" || failed=1
echo "-- carried"
"$bin/carried" "$corpora" || failed=1
exit $failed
